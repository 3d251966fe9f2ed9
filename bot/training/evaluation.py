"""The trial of a model: `python -m bot.training.evaluation MODEL < TAUGHT > REPORT`, in a process of its own.

It answers the questions of data/trial/, which nothing is trained or tuned on, and those that staff taught: one JSON
object with {"text", "topic"} a line on standard input. The report is one JSON object, a :class:`EvaluationReport`.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.settings import ROOT, Settings
from bot.topics.registry import SAFEGUARDING_TOPICS

if TYPE_CHECKING:  # it imports Rasa, which is loaded late and without TensorFlow
    from bot.dialogue.agent import AgentResult

QUESTIONS = ROOT / "data" / "trial" / "questions.jsonl"
Hear = Callable[[str], Awaitable["AgentResult"]]


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


def main(arguments: list[str]) -> int:
    """Try the model given and write the report."""
    if len(arguments) != 1:
        print("usage: python -m bot.training.evaluation MODEL.tar.gz < TAUGHT > REPORT", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure()
    taught = [json.loads(line) for line in sys.stdin if line.strip()]
    with contextlib.redirect_stdout(sys.stderr):  # the report stands alone on standard output
        report = asyncio.run(tried(_loaded(Path(arguments[0])), _rows(QUESTIONS), taught))
    print(json.dumps(asdict(report)))  # noqa: T201
    return 0


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


def _loaded(model: Path) -> Hear:
    """Return a bot that knows nobody, on the model given, with the safety rules before it left out.

    The rules are the same whatever the model: what the model adds to them is what is tried.
    """
    from bot.dialogue import follow_ups, personal_phrases
    from bot.dialogue.lean_rasa import without_tensorflow
    from bot.messages import ReplyFormat
    from bot.replies import wording

    settings = Settings.from_env(os.environ)
    words, leaning = wording.load(settings.programme, settings.language), follow_ups.load()
    with without_tensorflow():
        from actions.answer import ActionAnswer
        from actions.personal_answers import PersonalAnswers
        from bot.dialogue.agent import RasaAgent

        own = PersonalAnswers(None, words, personal_phrases.load(), settings.office)
        dialogue = RasaAgent(model, [ActionAnswer(words, leaning, settings.office, own)], words, leaning)

    async def hear(text: str) -> "AgentResult":
        await dialogue.forget("trial")
        return await dialogue.hear("trial", text, ReplyFormat.SCREEN)

    return hear


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
