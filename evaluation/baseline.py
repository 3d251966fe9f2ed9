"""The recorded baseline: `python -m evaluation.baseline` measures the bot on screen and writes baseline.json.

A test compares every later model with it. Nothing is recorded while a limit is missed, so that the baseline cannot
sink below the limits step by step.
"""

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot import bootstrap, logs
from bot.conversation.handler import MessageHandler
from bot.messages import ReplyFormat
from bot.settings import ROOT, Settings
from evaluation import scoring, sets
from evaluation.limits import TALKS, Bar, bars, talk_bar
from evaluation.progress import say

FILE = ROOT / "evaluation" / "baseline.json"


def main() -> int:
    """Measure and record; return 1, and record nothing, where a limit is missed."""
    logs.configure()
    say("loading the bot")
    conversation = bootstrap.Bootstrap(Settings()).handler
    say("asking every question and holding every talk")
    found = asyncio.run(measured(conversation, ReplyFormat.SCREEN))
    missed = [str(bar) for bar in found if not bar.holds]
    if missed:
        print("Nothing is recorded, because a limit is missed:", *missed, sep="\n", file=sys.stderr)
        return 1
    record(found)
    say(f"written: {FILE}")
    return 0


async def measured(conversation: MessageHandler, reply_format: ReplyFormat) -> list[Bar]:
    """Ask every question and hold every conversation, and return all that the bot is held to."""
    found = bars(await scoring.run(conversation, sets.cases(), reply_format))
    for name in TALKS:
        talks = getattr(sets, name)()
        astray = [line for talk in talks for line in await scoring.misled(conversation, talk, reply_format)]
        found.append(talk_bar(name, len(astray), sum(len(talk.turns) for talk in talks)))
    return found


def record(found: Iterable[Bar], file: Path = FILE) -> None:
    """Write the shares as the baseline."""
    shares = {bar.name: round(bar.share, 4) for bar in found}
    file.write_text(json.dumps(shares, indent=2) + "\n", "utf-8")


def recorded(file: Path = FILE) -> Mapping[str, float]:
    """Read the share of each bar, by its name, as it was recorded."""
    shares: dict[str, float] = json.loads(file.read_text("utf-8"))
    return shares


if __name__ == "__main__":
    sys.exit(main())
