"""Writes to the record what an exchange about absences comes to, with its entry in the audit trail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.engine import Connection

from actions.personal.absence_steps import AddReason, Change, Note, Withdraw
from bot.records import audit
from bot.records.attendance import reported_absences
from bot.records.participants import repository


def write(connection: Connection, changes: Iterable[Change], participant_id: int | None, now: datetime) -> None:
    """Write ``changes``."""
    for change in changes:
        done = _write(connection, change, now)
        audit.note(connection, now, "participant", done, participant_id)


def _write(connection: Connection, change: Change, now: datetime) -> str:
    own = (change.enrolment_id, change.session_id)
    match change:
        case Note():
            repository.report_absence(connection, *own, change.words, now, change.reason)
            return "absence reported"
        case Withdraw():
            reported_absences.withdraw(connection, *own, now)
            return "absence taken back"
        case AddReason():
            reported_absences.add_reason(connection, *own, change.reason)
            return "absence explained"
