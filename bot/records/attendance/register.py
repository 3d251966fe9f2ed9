"""The register of a session: whose it is, what is recorded, and saving so that two people at once lose nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.attendance.tables import absence_report, attendance, catch_up
from bot.records.enums import AttendanceKind, Outcome, Status
from bot.records.participants.membership import Membership
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions import timetable
from bot.records.sessions.tables import session
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff.members import Member


@dataclass(frozen=True)
class RegisterEntry:
    """One person's line in the register of a session."""

    enrolment_id: int
    participant_id: int
    reference: str
    name: str
    status: str
    outcome: Outcome | None
    words: str | None
    """What the person wrote about not coming, where that is not decided yet."""
    report_id: int | None
    booked_for: datetime | None
    """When a catch-up is booked for."""
    caught_up: bool
    withdrawn: bool = False
    """Whether they have said since that they come."""


@dataclass(frozen=True)
class RegisterChoice:
    """What a form says about one line: what it showed at first, and what is chosen now."""

    was: Outcome | None
    now: Outcome | None


def is_cancelled(entries: Sequence[RegisterEntry]) -> bool:
    """Tell whether a session with these lines is not held on its date."""
    outcomes = Counter(entry.outcome for entry in entries)
    attended = sum(count for outcome, count in outcomes.items() if outcome and outcome.kind is AttendanceKind.ATTENDED)
    return timetable.is_cancelled(outcomes[Outcome.RSSR], attended, outcomes[None])


def entries(connection: Connection, scheduled: ScheduledSession, now: datetime) -> list[RegisterEntry]:
    """Return an entry for everybody whose session it is, sorted by name."""
    own = (attendance.c.session_id == scheduled.id) & (attendance.c.enrolment_id == enrolment.c.id)
    said = (absence_report.c.session_id == scheduled.id) & (absence_report.c.enrolment_id == enrolment.c.id)
    query = (
        select(
            enrolment,
            participant.c.reference,
            participant.c.preferred_name,
            attendance.c.outcome,
            absence_report.c.id.label("report"),
            absence_report.c.words,
            absence_report.c.withdrawn_at,
        )
        .join(participant, participant.c.id == enrolment.c.participant_id)
        .outerjoin(attendance, own)
        .outerjoin(absence_report, said & (absence_report.c.state == "pending"))
        .where(enrolment.c.group_id == scheduled.group_id)
    )
    booked = _catch_ups(connection, scheduled)
    found = [
        RegisterEntry(
            row.id,
            row.participant_id,
            row.reference,
            row.preferred_name,
            row.status,
            Outcome(row.outcome) if row.outcome else None,
            row.words,
            row.report,
            *booked.get(row.id, (None, False)),
            withdrawn=row.withdrawn_at is not None,
        )
        for row in connection.execute(query)
        if _is_theirs(row, scheduled, now, is_recorded=row.outcome is not None or row.id in booked)
    ]
    return sorted(found, key=lambda entry: (entry.name.casefold(), entry.reference))


def record(
    connection: Connection,
    scheduled: ScheduledSession,
    choices: Mapping[int, RegisterChoice],
    user: Member,
    now: datetime,
) -> set[int]:
    """Save the lines that were changed; return those that somebody else changed meanwhile, having saved nothing then.

    A line that only the other one changed is no conflict: it stays as it is now.
    """
    connection.execute(select(session.c.id).where(session.c.id == scheduled.id).with_for_update())
    current = {entry.enrolment_id: entry for entry in entries(connection, scheduled, now)}
    changed = {id_: c for id_, c in choices.items() if id_ in current and c.now is not c.was}
    conflicts = {id_ for id_, c in changed.items() if current[id_].outcome not in (c.was, c.now)}
    if not conflicts:
        for id_, choice in changed.items():
            if current[id_].outcome is not choice.now:
                _save(connection, scheduled, current[id_], choice.now, user, now)
    return conflicts


def _save(
    connection: Connection,
    scheduled: ScheduledSession,
    entry: RegisterEntry,
    outcome: Outcome | None,
    user: Member,
    now: datetime,
) -> None:
    own = (attendance.c.enrolment_id == entry.enrolment_id) & (attendance.c.session_id == scheduled.id)
    if outcome is None:
        connection.execute(delete(attendance).where(own))
    elif entry.outcome is None:
        row = {"enrolment_id": entry.enrolment_id, "session_id": scheduled.id, "outcome": outcome.value}
        connection.execute(insert(attendance).values(**row))
    else:
        connection.execute(update(attendance).where(own).values(outcome=outcome.value))
    if entry.report_id is not None and outcome is not None:  # what is recorded is the decision
        decided = update(absence_report).where(absence_report.c.id == entry.report_id).values(state="decided")
        connection.execute(decided)
    detail = f"session {scheduled.number}: {entry.outcome or 'none'} to {outcome or 'none'}"
    audit.note(connection, now, user.actor, "attendance recorded", entry.participant_id, detail)


def _is_theirs(row: Any, scheduled: ScheduledSession, now: datetime, *, is_recorded: bool) -> bool:
    membership = Membership(Status(row.status), row.from_date, row.to_date)
    return membership.includes(scheduled.starts_at, now, is_recorded=is_recorded)


def _catch_ups(connection: Connection, scheduled: ScheduledSession) -> dict[int, tuple[datetime | None, bool]]:
    """Return for each person with a catch-up of the session when one is booked for, and whether one was attended."""
    query = select(catch_up).where(catch_up.c.session_id == scheduled.id).order_by(catch_up.c.starts_at)
    found: dict[int, tuple[datetime | None, bool]] = {}
    for row in connection.execute(query):
        booked, done = found.get(row.enrolment_id, (None, False))
        done = done or row.outcome in (Outcome.ATTC, Outcome.AFTC)
        found[row.enrolment_id] = (booked if row.outcome else row.starts_at, done)
    return found
