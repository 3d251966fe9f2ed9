"""What Rasa's own commands read as the project: the questions, and one story for each intent.

The rest of data/ is in formats of its own, some of which look like Rasa's. And Rasa trains a policy, and finds no
intent unused, only where there are stories. TopicPolicy learns nothing from them; the stories that hold it to account
are in tests/test_stories.yml.
"""

from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

from bot.dialogue.topic_actions import OTHER_PEOPLE, action_for
from bot.settings import ROOT
from bot.topics.registry import DIALOGUE_ACTS

_RASAS_OWN = frozenset(DEFAULT_INTENTS) - {"out_of_scope"}
"""Intents that Rasa adds to every domain; the project has one of them as well."""
_ELSEWHERE = [ROOT / "data" / name for name in ("answers", "dialogue", "leaflet", "safety", "screen", "staff", "words")]


class ProjectImporter(RasaFileImporter):  # type: ignore[misc]
    """Reads the project's questions and domain."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Find the files that Rasa is given, without those that are not for it."""
        super().__init__(config_file, domain_path, training_data_paths)
        self._nlu_files: list[str] = [file for file in self._nlu_files if not _is_elsewhere(file)]
        self._story_files: list[str] = [file for file in self._story_files if not _is_elsewhere(file)]

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return the stories that were given, and one for each intent."""
        given: StoryGraph = super().get_stories(exclusion_percentage)
        domain = self.get_domain()
        steps = YAMLStoryReader(domain).read_from_string(yaml.safe_dump(stories(domain.intents)))
        return given.merge(StoryGraph(steps))


def stories(intents: list[str]) -> dict[str, Any]:
    """Return a story for each intent, as Rasa's format has it: what the policy does where nothing was said before."""
    return {
        "version": "3.1",
        "stories": [
            {"story": f"{intent} alone", "steps": [{"intent": intent}, {"action": first_action(intent)}]}
            for intent in sorted(intents)
            if intent not in _RASAS_OWN
        ],
    }


def first_action(intent: str) -> str:
    """Return the action that the policy predicts for ``intent`` in a new conversation."""
    if intent in DIALOGUE_ACTS:
        return "action_fallback"
    return "action_other_people" if intent == OTHER_PEOPLE else action_for(intent)


def _is_elsewhere(file: str) -> bool:
    return any(folder in Path(file).absolute().parents for folder in _ELSEWHERE)
