"""Evaluates a model in a process of its own: `python -m bot.training MODEL < TAUGHT > REPORT`.

Standard input has the questions that staff taught, one JSON object with {"text", "topic"} a line. The report is one
JSON object, a :class:`bot.training.evaluation.EvaluationReport`.
"""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot import bootstrap, logs
from bot.conversation.state import ConversationState
from bot.database.unit_of_work import utc_now
from bot.messages import ReplyFormat
from bot.settings import Settings
from bot.text.text import Text
from bot.training.evaluation import QUESTIONS, Ask, evaluate, rows

if TYPE_CHECKING:  # it imports Rasa, which is loaded late and without TensorFlow
    from bot.dialogue.decision import Decision


def main(arguments: list[str]) -> int:
    """Evaluate the model given and write the report."""
    if len(arguments) != 1:
        print("usage: python -m bot.training MODEL.tar.gz < TAUGHT > REPORT", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure()
    taught = [json.loads(line) for line in sys.stdin if line.strip()]
    with contextlib.redirect_stdout(sys.stderr):  # the report stands alone on standard output
        report = asyncio.run(evaluate(_loaded(Path(arguments[0])), rows(QUESTIONS), taught))
    print(json.dumps(asdict(report)))  # noqa: T201
    return 0


def _loaded(model: Path) -> Ask:
    """Return a bot that knows nobody, on the model given, with the safety rules before it left out.

    The rules are the same whatever the model: what the model adds to them is what is evaluated.
    """
    agent = bootstrap.Bootstrap(Settings.from_env(os.environ), model=model).agent

    async def ask(text: str) -> "Decision":
        return await agent.respond(Text(text), ConversationState(), ReplyFormat.SCREEN, utc_now())

    return ask


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
