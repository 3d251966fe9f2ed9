"""Fills an empty record with invented people."""

from datetime import datetime

from bot import bootstrap
from bot.cli.console import CommandError, tell
from bot.database.engine import Database
from bot.records import demo as demonstration
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.settings import Settings


def demo(settings: Settings) -> None:
    """Fill the record; raise CommandError where it holds something."""
    if not first_people(settings, bootstrap.database(settings)):
        raise CommandError("the record holds something: the demonstration is for an empty one only")


def first_people(settings: Settings, record: Database) -> bool:
    """Fill ``record`` with the demonstration's people if it is empty; tell whether it was."""
    with record.writing() as connection:
        if not repository.is_empty(connection):
            return False
        people = demonstration.fill(connection, settings.programme, datetime.now(LOCAL))
    tell("The record was empty, so it now has invented people to try things with:")
    for reference, about in people:
        tell(f"  {reference}  {about}")
    tell("To speak as one: python -m bot link-code REFERENCE, then send that code.")
    return True
