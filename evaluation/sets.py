"""The held-out sets: questions, conversations and messages of people in danger that nothing was trained or tuned on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import ROOT
from bot.topics.registry import LEAFLET, PERSONAL

FOLDER = ROOT / "evaluation" / "questions"
MESSAGES = ROOT / "evaluation" / "messages"
"""Short messages, one a line, that say a threat, an insult or neither; the patterns were not changed after reading."""
UNCLEAR = "unclear"
"""The label of a turn that nobody could answer."""


@dataclass(frozen=True)
class Case:
    """A question, the topic that answers it, and others that a fair reader would accept."""

    text: str
    topic: str
    also: frozenset[str] = frozenset()
    style: str = ""
    trap: str = ""

    @property
    def accepted(self) -> frozenset[str]:
        """Every topic that is right."""
        return self.also | {self.topic}


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    text: str
    needed: frozenset[str]
    """The topics that have to be answered; empty where the message cannot be answered."""
    allowed: frozenset[str]
    """Further topics that may be answered."""


@dataclass(frozen=True)
class Dialogue:
    """A conversation in which turns refer to one another; its name says what it shows."""

    name: str
    turns: tuple[Turn, ...]


def cases(folder: Path = FOLDER) -> list[Case]:
    """Read every single question of the set."""
    return [_case(row) for file in sorted(folder.glob("reader_*.jsonl")) for row in rows(file)]


def danger(folder: Path = FOLDER) -> list[Case]:
    """Read the messages of people in danger and as many look-alikes: harder than the set, and mostly indirect."""
    return [_case(row) for row in rows(folder / "danger.jsonl")]


def dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """Read every dialogue of the set."""
    return [_dialogue(row) for row in rows(folder / "dialogues.jsonl")]


def moves(folder: Path = FOLDER) -> list[Dialogue]:
    """Read the conversations that go on after danger, ask for an answer again, or say what nobody could understand."""
    return [_dialogue(row) for row in rows(folder / "moves.jsonl")]


def unseen_moves(folder: Path = FOLDER) -> list[Dialogue]:
    """Read more of those, by another author; no rule was changed because of a miss in them."""
    return [_dialogue(row) for row in rows(folder / "moves_unseen.jsonl")]


def rows(file: Path) -> list[dict[str, Any]]:
    """Read a file with one JSON object a line."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def leaflet_and_personal() -> frozenset[str]:
    """Return the topics that have an answer of their own in the leaflet or the record."""
    return frozenset(LEAFLET | PERSONAL)


def _dialogue(row: Mapping[str, Any]) -> Dialogue:
    return Dialogue(row["name"], tuple(map(_turn, row["turns"])))


def _turn(row: Mapping[str, Any]) -> Turn:
    needed = frozenset(row.get("topics") or [row["topic"]]) - {UNCLEAR}
    return Turn(row["q"], needed, frozenset(row.get("also") or ()))


def _case(row: Mapping[str, Any]) -> Case:
    also = frozenset(row.get("also") or ())
    return Case(row["q"], row["topic"], also, row.get("style", ""), row.get("trap", ""))
