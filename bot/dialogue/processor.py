"""Rasa's message processor, joined to this project's store and actions.

Rasa's Agent is the same processor behind a lock that polls once a second and a store that hides its failures;
here the conversation keeps each person's order, and a failure has to be seen.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.dialogue.graph import SequentialGraphRunner
from bot.dialogue.in_process_actions import InProcessAction, InProcessActions


class Processor(MessageProcessor):  # type: ignore[misc]
    """Runs a message through the model: understanding, rules, actions, responses."""

    def __init__(
        self, model: Path, store: TrackerStore, actions: InProcessActions, responses: Mapping[str, list[dict[str, Any]]]
    ) -> None:
        """Load ``model``, which understands; takes a few seconds. ``responses`` are the words, in Rasa's own form.

        A model holds no words, so that a sentence of an answer can be changed without training.
        """
        words = TemplatedNaturalLanguageGenerator(dict(responses))
        super().__init__(str(model), store, InMemoryLockStore(), words, action_endpoint=actions)
        store.domain = self.domain
        self._actions = actions

    @staticmethod
    def _load_model(model_path: str) -> tuple[str, ModelMetadata, GraphRunner]:
        with TempDirectoryPath(get_temp_dir_name()) as unpacked:
            loaded = load_predict_graph_runner(
                Path(unpacked), Path(model_path), LocalModelStorage, SequentialGraphRunner
            )
        return Path(model_path).name, *loaded

    def _check_for_unseen_features(self, parse_data: Mapping[str, Any]) -> None:
        """Compare with nothing: Rasa warns here, at every message, of intents that the domain lacks."""

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Predict the next action; one of the project's own runs in this process."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, RemoteAction):
            action = InProcessAction(action.name(), self._actions)
        return action, prediction
