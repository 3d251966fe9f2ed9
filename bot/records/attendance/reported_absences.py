"""What becomes of an absence that a person has reported: a reason is added, or the report is taken back.

Either makes the report wait for staff again, also where they had decided on it: they have not seen this yet.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement

from bot.records.attendance.tables import absence_report


def withdraw(connection: Connection, enrolment_id: int, session_id: int, now: datetime) -> bool:
    """Keep that the person comes after all; tell whether there was a report to take back."""
    live = _own(enrolment_id, session_id) & absence_report.c.withdrawn_at.is_(None)
    changed = update(absence_report).where(live).values(withdrawn_at=now, state="pending")
    return bool(connection.execute(changed).rowcount)


def add_reason(connection: Connection, enrolment_id: int, session_id: int, reason: str) -> bool:
    """Keep a reason given after the report, behind any that was given before; tell whether there was a report."""
    own = _own(enrolment_id, session_id)
    row = connection.execute(select(absence_report.c.reason).where(own)).first()
    if row is None:
        return False
    reasons = "\n".join(filter(None, (row.reason, reason)))
    connection.execute(update(absence_report).where(own).values(reason=reasons, state="pending"))
    return True


def _own(enrolment_id: int, session_id: int) -> ColumnElement[Any]:
    return (absence_report.c.enrolment_id == enrolment_id) & (absence_report.c.session_id == session_id)
