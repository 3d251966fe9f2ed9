"""Scores the bot on the FAQ regression set: questions and dialogues that nothing was trained or tuned on."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.conversation.handler import MessageHandler
from bot.messages import Address, Answer, InboundMessage, ReplyFormat
from bot.settings import ROOT
from bot.topics.registry import LEAFLET, PERSONAL

FOLDER = ROOT / "tests" / "faq"
UNCLEAR = "unclear"
"""The label of a turn that nobody could answer."""


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


@dataclass(frozen=True)
class Dialogue:
    """A talk in which turns lean on one another: what it shows, and for each turn the topics to be answered."""

    name: str
    turns: tuple[tuple[str, frozenset[str], frozenset[str]], ...]
    """For each turn its text, the topics that have to be answered (none: it cannot be), and those that may be."""


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
    """Read the talks that go on after danger, ask for an answer again, or say what nobody could understand."""
    return [_dialogue(row) for row in rows(folder / "moves.jsonl")]


def unseen_moves(folder: Path = FOLDER) -> list[Dialogue]:
    """Read more of those, by another hand, whose misses nobody has mended anything for."""
    return [_dialogue(row) for row in rows(folder / "moves_unseen.jsonl")]


def rows(file: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def outcome(accepted: Iterable[str], answer: Answer) -> Outcome:
    """Judge an answer. Any answered topic that is not right makes it wrong, whatever else it says."""
    right = set(accepted)
    if answer.topics:
        return Outcome.RIGHT if set(answer.topics) <= right else Outcome.WRONG
    return Outcome.OFFERED if right & set(answer.suggestions) else Outcome.MISSED


async def run(conversation: MessageHandler, cases: Sequence[Case], rendering: ReplyFormat) -> list[Result]:
    """Ask each question in a conversation of its own."""
    results = []
    asking = uuid.uuid4().hex
    for number, case in enumerate(cases):
        answer = await conversation.handle(InboundMessage(Address.parse(f"{asking}-{number}"), case.text, rendering))
        results.append(Result(case, answer, outcome(case.accepted, answer)))
    return results


async def misled(conversation: MessageHandler, dialogue: Dialogue, rendering: ReplyFormat) -> list[str]:
    """Return a line for each turn of ``dialogue`` that was not answered as it should be; all in one conversation."""
    found = []
    name = uuid.uuid4().hex
    for text, needed, fair in dialogue.turns:
        answer = await conversation.handle(InboundMessage(Address.parse(name), text, rendering))
        answered = set(answer.topics)
        right = answered and answered <= needed | fair and (len(needed) < 2 or needed <= answered)
        if not (right if needed else not answered):
            expected = sorted(needed) or "nothing"
            found.append(f"{text!r}: {expected} expected, got {answer.topics or answer.suggestions}")
    return found


@dataclass(frozen=True)
class Bar:
    """Something that is held to a limit: what it is, the share measured, and the limit."""

    name: str
    share: float
    at_least: float = 0.0
    at_most: float = 1.0

    @property
    def holds(self) -> bool:
        """Tell whether the share keeps to the limit."""
        return self.at_least <= self.share <= self.at_most

    def __str__(self) -> str:
        limit = f"at least {self.at_least:.0%}" if self.at_least else f"at most {self.at_most:.0%}"
        return f"{self.name:40} {self.share:6.1%}  {limit}{'' if self.holds else '  MISSED'}"


def bars(results: Sequence[Result]) -> list[Bar]:
    """Return what the set is held to."""
    own = leaflet_and_personal()
    asked = shares([r for r in results if r.case.topic in own])
    outside = shares([r for r in results if r.case.topic == "out_of_scope"])
    return [
        Bar("leaflet and personal: right", asked[Outcome.RIGHT], at_least=0.90),
        Bar("leaflet and personal: right or offered", asked[Outcome.RIGHT] + asked[Outcome.OFFERED], at_least=0.97),
        Bar("leaflet and personal: wrong", asked[Outcome.WRONG], at_most=0.03),
        Bar("out of scope: recognised", outside[Outcome.RIGHT], at_least=0.90),
        Bar("crisis: recognised", _share(results, lambda r: r.case.topic == "crisis", _alarmed), at_least=0.98),
        Bar("crisis: false alarms", _share(results, lambda r: not _alarming(r.case), _alarmed), at_most=0.02),
    ]


def leaflet_and_personal() -> frozenset[str]:
    """Return the topics that have an answer of their own in the leaflet or the record."""
    return frozenset(LEAFLET | PERSONAL)


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


def _share(results: Sequence[Result], among: Callable[[Result], bool], what: Callable[[Result], bool]) -> float:
    chosen = [result for result in results if among(result)]
    return sum(map(what, chosen)) / max(1, len(chosen))


def _alarmed(result: Result) -> bool:
    return bool(result.answer.alerts)


def _alarming(case: Case) -> bool:
    return bool(case.accepted & {"crisis", "child_at_risk"})


def _dialogue(row: Mapping[str, Any]) -> Dialogue:
    turns = [
        (
            turn["q"],
            frozenset(turn.get("topics") or [turn["topic"]]) - {UNCLEAR},
            frozenset(turn.get("also") or ()),
        )
        for turn in row["turns"]
    ]
    return Dialogue(row["name"], tuple(turns))


def _case(row: Mapping[str, Any]) -> Case:
    also = frozenset(row.get("also") or ())
    return Case(row["q"], row["topic"], also, row.get("style", ""), row.get("trap", ""))
