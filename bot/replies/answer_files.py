"""The files of data/answers/: the wordings of an answer, where it comes from, and what of the leaflet it states.

They are Rasa response files (``responses:``, channel variations) with three entries of this project's own, which Rasa
passes over: ``source``, ``claims`` and ``easy_claims``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigurationError
from bot.messages import ReplyFormat
from bot.settings import ROOT
from bot.topics.registry import registry

ANSWERS = ROOT / "data" / "answers"
LEAFLET = ROOT / "data" / "leaflet"
PHRASES = "phrases"
"""The folder of what answers no topic: parts of answers from the record, and remarks on the conversation itself."""


class WordingError(ConfigurationError):
    """An answer file cannot be used; the message says which and what was expected."""


class AnswerSource(StrEnum):
    """Where what an answer states comes from."""

    LEAFLET = "leaflet"
    RECORD = "record"
    """The person's own record: it states nothing of the leaflet."""
    SERVICE = "service"
    """The service itself, or a line that helps in danger: it states nothing of the leaflet."""


@dataclass(frozen=True)
class AnswerFile:
    """One file, as it stands."""

    path: Path
    source: str | None
    """An AnswerSource, where the file is as it should be."""
    responses: Mapping[str, list[dict[str, Any]]]
    claims: Mapping[str, Any]
    """`required` and `allowed`: regular expressions over the sentences for the screen and for text messages."""
    easy_claims: Mapping[str, Any]
    """The same claims, one for one, as easy words say them."""

    @property
    def is_phrases(self) -> bool:
        """Tell whether it answers no topic."""
        return self.path.parent.name == PHRASES

    @property
    def topic(self) -> str:
        """The topic that the file is named after."""
        return self.path.stem

    def claims_in(self, reply_format: ReplyFormat) -> Mapping[str, Any]:
        """Return the claims as ``reply_format`` words them."""
        return self.easy_claims if reply_format is ReplyFormat.EASY else self.claims


def read(programme: str, language: str, folder: Path = ANSWERS) -> list[AnswerFile]:
    """Return the files of ``programme`` in ``language``: topics in the order of domain.yml, then the rest.

    Raises WordingError where there are none, or one cannot be read.
    """
    own = folder / programme / language
    files = [read_file(file) for file in sorted(own.rglob("*.yml"))]
    if not files:
        raise WordingError(f"no answers in {own}: expected .yml files with a responses: block")
    order = {topic.name: place for place, topic in enumerate(registry())}
    return sorted(files, key=lambda file: (file.is_phrases, order.get(file.topic, len(order))))


def read_file(file: Path) -> AnswerFile:
    """Read one file; raise WordingError where it is none."""
    try:
        given = yaml.safe_load(file.read_text("utf-8")) or {}
        parts = {name: given.get(name) or {} for name in ("responses", "claims", "easy_claims")}
    except (yaml.YAMLError, AttributeError) as error:
        raise WordingError(f"{file}: {error}; expected an answer as in the files beside it") from None
    return AnswerFile(file, given.get("source"), **parts)


def sections(programme: str, leaflet: Path = LEAFLET) -> dict[str, str]:
    """Return the leaflet's headings, in its order, and how each is shown where strangers can read it."""
    found: dict[str, str] = yaml.safe_load((leaflet / programme / "sections.yml").read_text("utf-8"))
    return found
