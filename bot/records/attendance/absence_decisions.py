"""Absences that people reported: nothing is decided by the report; staff say which outcome it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.records import audit
from bot.records.attendance import register
from bot.records.attendance.register import RegisterChoice
from bot.records.attendance.tables import absence_report, attendance
from bot.records.enums import Outcome
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions import timetable
from bot.records.sessions.tables import programme_group, session
from bot.records.staff import scope
from bot.records.staff.members import Member


@dataclass(frozen=True)
class ReportedAbsence:
    """What somebody wrote about a session that they cannot come to."""

    id: int
    enrolment_id: int
    participant_id: int
    reference: str
    name: str
    session_id: int
    group: str
    number: int
    starts_at: datetime
    reported_at: datetime
    words: str
    reason: str | None
    """What the person added afterwards."""
    withdrawn_at: datetime | None
    """When the person said that they come after all."""
    state: str
    outcome: Outcome | None


def waiting(connection: Connection, user: Member) -> list[ReportedAbsence]:
    """Return the reports of the member's groups that nobody has decided on, the earliest session first."""
    own = _reports().where(session.c.group_id.in_(scope.group_ids(user)), absence_report.c.state == "pending")
    rows = connection.execute(own.order_by(session.c.starts_at, absence_report.c.reported_at))
    return [_report(row) for row in rows]


def report(connection: Connection, report_id: int) -> ReportedAbsence:
    """Return one, found by :func:`bot.records.staff.scope.report_in_scope`."""
    return _report(connection.execute(_reports().where(absence_report.c.id == report_id)).one())


def decide(
    connection: Connection, found: ReportedAbsence, outcome: Outcome | None, user: Member, now: datetime
) -> bool:
    """Keep a decision; None leaves the outcome to the register. Tell whether nobody else had decided meanwhile."""
    own = (absence_report.c.id == found.id) & (absence_report.c.state == "pending")
    if not connection.execute(update(absence_report).where(own).values(state="decided")).rowcount:
        return False
    if outcome is not None:
        scheduled = timetable.scheduled_session(connection, found.session_id)
        register.record(connection, scheduled, {found.enrolment_id: RegisterChoice(found.outcome, outcome)}, user, now)
    detail = f"session {found.number}: {outcome or 'left to the register'}"
    audit.note(connection, now, user.actor, "absence decided", found.participant_id, detail)
    return True


def _reports() -> Select:
    own = (attendance.c.session_id == session.c.id) & (attendance.c.enrolment_id == enrolment.c.id)
    return (
        select(
            absence_report,
            session.c.number,
            session.c.starts_at,
            programme_group.c.name.label("group"),
            participant.c.id.label("person"),
            participant.c.reference,
            participant.c.preferred_name,
            attendance.c.outcome,
        )
        .select_from(absence_report)
        .join(session, session.c.id == absence_report.c.session_id)
        .join(programme_group, programme_group.c.id == session.c.group_id)
        .join(enrolment, enrolment.c.id == absence_report.c.enrolment_id)
        .join(participant, participant.c.id == enrolment.c.participant_id)
        .outerjoin(attendance, own)
    )


def _report(row: object) -> ReportedAbsence:
    r = row._mapping  # type: ignore[attr-defined]
    return ReportedAbsence(
        r["id"], r["enrolment_id"], r["person"], r["reference"], r["preferred_name"], r["session_id"], r["group"],
        r["number"], r["starts_at"], r["reported_at"], r["words"], r["reason"], r["withdrawn_at"], r["state"],
        Outcome(r["outcome"]) if r["outcome"] else None,
    )  # fmt: skip
