"""Writes the approved questions to a folder, for people to review."""

from pathlib import Path

from bot import bootstrap
from bot.cli.console import tell
from bot.settings import Settings
from bot.training import question_export


def export(settings: Settings, folder: Path) -> None:
    """Make ``folder`` hold the approved questions, one file a topic, and say whether that changed anything."""
    with bootstrap.database(settings).reading() as connection:
        changed = question_export.export(connection, folder)
    tell(f"{folder} {'now' if changed else 'already'} holds the approved questions.")
