"""Asks the bot the held-out questions and conversations, and counts what became of them."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.handler import MessageHandler
from bot.messages import Address, Answer, InboundMessage, ReplyFormat
from bot.training.outcome import Judgement, outcome
from evaluation.sets import Case, Dialogue, Turn


@dataclass(frozen=True)
class Result:
    """A case, and what the bot made of it."""

    case: Case
    answer: Answer
    outcome: Judgement


async def run(conversation: MessageHandler, cases: Sequence[Case], reply_format: ReplyFormat) -> list[Result]:
    """Ask each question in a conversation of its own."""
    results = []
    asking = uuid.uuid4().hex
    for number, case in enumerate(cases):
        answer = await conversation.handle(InboundMessage(Address.parse(f"{asking}-{number}"), case.text, reply_format))
        results.append(Result(case, answer, outcome(case.accepted, answer.topics, answer.suggestions)))
    return results


async def misled(conversation: MessageHandler, dialogue: Dialogue, reply_format: ReplyFormat) -> list[str]:
    """Hold ``dialogue`` in one conversation, and return a line for each turn that was not answered as it should be."""
    found = []
    name = uuid.uuid4().hex
    for turn in dialogue.turns:
        answer = await conversation.handle(InboundMessage(Address.parse(name), turn.text, reply_format))
        if not _answers(turn, set(answer.topics)):
            expected = sorted(turn.needed) or "nothing"
            found.append(f"{turn.text!r}: {expected} expected, got {answer.topics or answer.suggestions}")
    return found


def _answers(turn: Turn, answered: set[str]) -> bool:
    if not turn.needed or not answered:
        return not turn.needed and not answered
    complete = len(turn.needed) < 2 or turn.needed <= answered
    return complete and answered <= turn.needed | turn.allowed


def shares(results: Sequence[Result]) -> Mapping[Judgement, float]:
    """Return the share of each outcome, 0 to 1."""
    counts = Counter(result.outcome for result in results)
    return {kind: counts[kind] / max(1, len(results)) for kind in Judgement}


def table(results: Sequence[Result], by: str) -> str:
    """Return a table of outcomes in per cent, a row for each ``by`` ("style" or "topic"), worst first."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result.case, by), []).append(result)
    lines = [f"{by:32} {'n':>5} {'right':>6} {'+offered':>9} {'wrong':>6}"]
    for name, group in sorted(groups.items(), key=lambda item: shares(item[1])[Judgement.RIGHT]):
        share = shares(group)
        reached = share[Judgement.RIGHT] + share[Judgement.OFFERED]
        lines.append(
            f"{name:32} {len(group):5} {share[Judgement.RIGHT]:6.1%} {reached:9.1%} {share[Judgement.WRONG]:6.1%}"
        )
    return "\n".join(lines)
