"""Scores the bot on the FAQ regression set: questions and dialogues that nothing was trained or tuned on."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.conversation import Conversation
from bot.messages import Answer, InboundMessage, Rendering
from bot.settings import ROOT

FOLDER = ROOT / "tests" / "faq"


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    OFFERED = "offered"
    MISSED = "missed"
    WRONG = "wrong"


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
class Result:
    """A case, and what the bot made of it."""

    case: Case
    answer: Answer
    outcome: Outcome


def cases(folder: Path = FOLDER) -> list[Case]:
    """Read every single question of the set."""
    return [_case(row) for file in sorted(folder.glob("reader_*.jsonl")) for row in rows(file)]


def rows(file: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def outcome(accepted: Iterable[str], answer: Answer) -> Outcome:
    """Judge an answer. Any answered topic that is not right makes it wrong, whatever else it says."""
    right = set(accepted)
    if answer.topics:
        return Outcome.RIGHT if set(answer.topics) <= right else Outcome.WRONG
    return Outcome.OFFERED if right & set(answer.suggestions) else Outcome.MISSED


async def run(conversation: Conversation, cases: Sequence[Case], rendering: Rendering) -> list[Result]:
    """Ask each question in a conversation of its own."""
    results = []
    for number, case in enumerate(cases):
        answer = await conversation.handle(InboundMessage(f"faq-{rendering}-{number}", case.text, rendering))
        results.append(Result(case, answer, outcome(case.accepted, answer)))
    return results


def shares(results: Sequence[Result]) -> Mapping[Outcome, float]:
    """Return the share of each outcome, 0 to 1."""
    counts = Counter(result.outcome for result in results)
    return {kind: counts[kind] / max(1, len(results)) for kind in Outcome}


def table(results: Sequence[Result], by: str) -> str:
    """Return a table of outcomes in per cent, a row for each ``by`` ("style" or "topic"), worst first."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result.case, by), []).append(result)
    lines = [f"{by:32} {'n':>5} {'right':>6} {'+offered':>9} {'wrong':>6}"]
    for name, group in sorted(groups.items(), key=lambda item: shares(item[1])[Outcome.RIGHT]):
        share = shares(group)
        reached = share[Outcome.RIGHT] + share[Outcome.OFFERED]
        lines.append(f"{name:32} {len(group):5} {share[Outcome.RIGHT]:6.1%} {reached:9.1%} {share[Outcome.WRONG]:6.1%}")
    return "\n".join(lines)


def _case(row: Mapping[str, Any]) -> Case:
    also = frozenset(row.get("also") or ())
    return Case(row["q"], row["topic"], also, row.get("style", ""), row.get("trap", ""))
