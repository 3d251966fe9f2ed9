"""The command that writes the approved questions to a folder, for people to review."""

import argparse
import sys

from bot import bootstrap
from bot.settings import Settings
from bot.training import question_export


async def questions(settings: Settings, options: argparse.Namespace) -> int:
    """Make the folder hold the approved questions, one file a topic."""
    record = bootstrap.database(settings)
    with record.reading() as connection:
        changed = question_export.export(connection, options.folder)
    told = "now holds" if changed else "already holds"
    print(f"{options.folder} {told} the approved questions.", file=sys.stderr)  # noqa: T201
    return 0
