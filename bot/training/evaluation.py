"""Evaluates a model: `python -m bot.training.evaluation MODEL < TAUGHT > REPORT`, in a process of its own.

It asks the questions of data/evaluation/, which nothing is trained or tuned on, and those that staff taught. TAUGHT has
one JSON object {"text", "topic"} a line; REPORT is one JSON object with the fields of :class:`EvaluationReport`.

The sets in evaluation/ are never read here: whoever chooses models by them could no longer measure with them.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.settings import ROOT, Settings
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


def main(arguments: list[str]) -> int:
    """Evaluate the model given and print the report."""
    if len(arguments) != 1:
        print("usage: python -m bot.training.evaluation MODEL.tar.gz < TAUGHT > REPORT", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure()
    taught = [json.loads(line) for line in sys.stdin if line.strip()]
    with contextlib.redirect_stdout(sys.stderr):  # the report stands alone on standard output
        report = asyncio.run(evaluate(_loaded(Path(arguments[0])), _rows(QUESTIONS), taught))
    print(json.dumps(asdict(report)))  # noqa: T201
    return 0


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


def _loaded(model: Path) -> Ask:
    """Return a way to ask a bot that runs the model given, knows no participant and leaves the safety patterns out.

    The patterns are the same whatever the model, so that only what the model itself notices is evaluated.
    """
    from bot.conversation.state import ConversationState
    from bot.dialogue import follow_ups, personal_phrases
    from bot.dialogue.lean_rasa import without_tensorflow
    from bot.messages import ReplyFormat
    from bot.replies import wording
    from bot.text.text import Text

    settings = Settings.from_env(os.environ)
    words, leaning = wording.load(settings.programme, settings.language), follow_ups.load()
    with without_tensorflow():
        from actions.personal_answers import PersonalAnswers
        from actions.registry import all_actions
        from actions.tools import Tools
        from bot.dialogue.agent import RasaAgent

        own = PersonalAnswers(None, words, personal_phrases.load(), settings.office)
        dialogue = RasaAgent(model, all_actions(Tools(words, settings.office, own)), words, leaning)

    async def ask(text: str) -> "Decision":
        return await dialogue.respond(Text(text), ConversationState(), ReplyFormat.SCREEN, datetime.now(UTC))

    return ask


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
