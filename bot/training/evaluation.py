"""The evaluation of a new model: how it answers the questions of data/evaluation/, and those that staff taught.

Nothing is trained or tuned on the questions of data/evaluation/. `python -m bot.training` runs it in a process of its
own. The sets in evaluation/ are never read here: whoever chooses models by them could no longer measure with them.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import ROOT
from bot.topics.registry import SAFEGUARDING_TOPICS
from bot.training.outcome import Judgement, outcome

if TYPE_CHECKING:  # it imports Rasa, which is loaded late and without TensorFlow
    from bot.dialogue.decision import Decision

QUESTIONS = ROOT / "data" / "evaluation" / "questions.jsonl"
Ask = Callable[[str], Awaitable["Decision"]]


@dataclass(frozen=True)
class EvaluationReport:
    """What an evaluation counted."""

    asked: int = 0
    """How many questions of the set are not about danger."""
    right: int = 0
    """How many of those were answered with their topic alone."""
    offered: int = 0
    """How many of those had their topic offered and none answered."""
    wrong: int = 0
    """How many of those were answered with another topic; false alarms are among them."""
    false_alarms: int = 0
    """How many of those were answered as danger."""
    danger: int = 0
    """How many messages of the set are about danger."""
    noticed: list[str] = field(default_factory=list)
    """The messages about danger that were answered as danger."""
    taught: list[bool] = field(default_factory=list)
    """For each question that staff taught, whether it was answered with its topic."""


async def evaluate(ask: Ask, questions: Iterable[dict[str, Any]], taught: Iterable[dict[str, str]]) -> EvaluationReport:
    """Ask everything, each question in a conversation of its own, and return the report."""
    counts: Counter[str] = Counter()
    noticed = []
    for row in questions:
        turn, topic = await ask(row["q"]), row["topic"]
        alarmed = not set(turn.topics).isdisjoint(SAFEGUARDING_TOPICS)
        if topic in SAFEGUARDING_TOPICS:
            counts["danger"] += 1
            noticed += [row["q"]] if alarmed else []
        else:
            counts.update(asked=1, false_alarms=int(alarmed))
            counts[outcome({topic}, turn.topics, turn.suggestions)] += 1
    counts.pop(Judgement.MISSED, None)
    learnt = [row["topic"] in (await ask(row["text"])).topics for row in taught]
    return EvaluationReport(**{str(name): count for name, count in counts.items()}, noticed=noticed, taught=learnt)


def rows(file: Path) -> list[dict[str, Any]]:
    """Return the questions in ``file``: one JSON object with "q" and "topic" a line."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
