"""The evaluation of a new model: how it answers the questions of data/trial/, and those that staff taught.

Nothing is trained or tuned on the questions of data/trial/. `python -m bot.training` runs it in a process of its own.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.dialogue.choice import SAFEGUARDING_TOPICS
from bot.settings import ROOT

if TYPE_CHECKING:  # it imports Rasa, which is loaded late and without TensorFlow
    from bot.dialogue.decision import Decision

QUESTIONS = ROOT / "data" / "trial" / "questions.jsonl"
Hear = Callable[[str], Awaitable["Decision"]]


@dataclass(frozen=True)
class EvaluationReport:
    """What came of a trial: counts over its questions, and which of some were answered."""

    asked: int = 0
    """How many questions of the trial are about no danger;"""
    right: int = 0
    """of these, how many were answered with their topic alone,"""
    offered: int = 0
    """how many had it offered,"""
    wrong: int = 0
    """and how many were answered with something else: a false alarm is one of them."""
    false_alarms: int = 0
    danger: int = 0
    noticed: list[str] = field(default_factory=list)
    """The messages of danger that were noticed."""
    taught: list[bool] = field(default_factory=list)
    """For each question that was taught, whether it was answered with its topic."""


async def tried(hear: Hear, questions: Iterable[dict[str, Any]], taught: Iterable[dict[str, str]]) -> EvaluationReport:
    """Ask ``hear`` everything, each in a conversation of its own, and report."""
    counts = {"asked": 0, "right": 0, "offered": 0, "wrong": 0, "false_alarms": 0, "danger": 0}
    noticed = []
    for row in questions:
        turn, topic = await hear(row["q"]), row["topic"]
        alarmed = any(topic in SAFEGUARDING_TOPICS for topic in turn.topics)
        if topic in SAFEGUARDING_TOPICS:
            counts["danger"] += 1
            noticed += [row["q"]] if alarmed else []
            continue
        counts["asked"] += 1
        counts["false_alarms"] += alarmed
        if turn.topics:
            counts["right" if set(turn.topics) == {topic} else "wrong"] += 1
        elif topic in turn.suggestions:
            counts["offered"] += 1
    return EvaluationReport(
        **counts, noticed=noticed, taught=[row["topic"] in (await hear(row["text"])).topics for row in taught]
    )


def rows(file: Path) -> list[dict[str, Any]]:
    """Return the questions in ``file``: one JSON object with "q" and "topic" a line."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
