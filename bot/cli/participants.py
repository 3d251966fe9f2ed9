"""What is done about participants: who there is, what is held of one, and who is linked."""

import json
import sys
from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from bot import bootstrap
from bot.cli.console import CommandError, operator, put, put_rows, tell
from bot.records import audit
from bot.records.access import identities
from bot.records.participants import repository
from bot.retention import erase
from bot.retention import export as everything
from bot.settings import Settings


def link_code(settings: Settings, reference: str) -> None:
    """Make a one-time code for a participant, and print it."""
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, reference)
        code = identities.issue_code(connection, person, operator(), datetime.now(UTC))
    put(code)
    tell("It works once, for 24 hours. Codes made before for this person no longer work.")


def list_all(settings: Settings) -> None:
    """Print a line for each participant."""
    with bootstrap.database(settings).writing() as connection:
        audit.note(connection, datetime.now(UTC), operator(), "participants listed")
        found = [(reference, name, ", ".join(groups)) for reference, name, groups in repository.references(connection)]
    put_rows(["Reference", "Name", "Groups"], found)


def show(settings: Settings, reference: str) -> None:
    """Print what the record holds of a participant."""
    now = datetime.now(UTC)
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, reference)
        audit.note(connection, now, operator(), "record shown", person)
        participant = repository.load_participant(connection, person)
        links = identities.links(connection, person, now)
        reports = repository.absence_reports(connection, person)
    assert participant is not None  # noqa: S101  # read in one transaction
    put(f"{reference}\t{participant.preferred_name}")
    for enrolment in participant.enrolments:
        count = enrolment.count(now)
        put(
            f"group {enrolment.group} ({enrolment.status.value}): attended {count.attended}, missed {count.missed}, "
            f"caught up {count.caught_up}, to be confirmed {count.to_be_confirmed}"
        )
    for line in [f"linked: {channel}, {at:%Y-%m-%d}" for channel, at in links] or ["not linked"]:
        put(line)
    for number, state, _ in reports:
        put(f"said they cannot come to session {number}: {state}")


def export(settings: Settings, reference: str) -> None:
    """Print everything that is held about a participant as one JSON object."""
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, reference)
        audit.note(connection, datetime.now(UTC), operator(), "record exported", person)
        found = everything.export(connection, person)
    put(json.dumps(found, ensure_ascii=False, indent=2))


def unlink(settings: Settings, reference: str) -> None:
    """Forget every telephone and chat of a participant."""
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, reference)
        count = identities.unlink_all(connection, person, operator(), datetime.now(UTC))
    tell(f"{count} telephones or chats of {reference} are no longer linked")


def reset_pin(settings: Settings, reference: str) -> None:
    """Forget the PIN and the links of a participant, and print a new link code."""
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, reference)
        put(identities.reset_pin(connection, person, operator(), datetime.now(UTC)))
    tell(f"{reference} has no PIN and no link any more; this is a new link code")


def remove(settings: Settings, reference: str, *, sure: bool) -> None:
    """Erase a participant; ask first unless ``sure``, and raise CommandError where the answer is another."""
    record = bootstrap.database(settings)
    if not sure:
        tell(f"This erases {reference} and everything about them. Type the reference again to go on:")
        if sys.stdin.readline().strip() != reference:
            raise CommandError("nothing was removed")
    with record.writing() as connection:
        erase.erase(connection, _participant(connection, reference), operator(), datetime.now(UTC))
    tell(f"{reference} is removed")


def _participant(connection: Connection, reference: str) -> int:
    found = repository.participant_id(connection, reference)
    if found is None:
        raise CommandError(f"no participant {reference!r}: expected a reference of the record")
    return found
