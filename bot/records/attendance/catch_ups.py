"""Catch-ups for one session of one person: booking, moving, and what came of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.records import audit
from bot.records.attendance.register import RegisterEntry
from bot.records.attendance.tables import catch_up
from bot.records.enums import Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import planning
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff.members import Member

_EARLIEST, _LATEST = 9, time(21)
"""Between these local times a catch-up is proposed."""


@dataclass(frozen=True)
class CatchUpBooking:
    """One catch-up: booked while it has no outcome."""

    id: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    outcome: Outcome | None


def of(connection: Connection, scheduled: ScheduledSession, entry: RegisterEntry) -> list[CatchUpBooking]:
    """Return a person's catch-ups for a session, the earliest first."""
    rows = connection.execute(select(catch_up).where(_own(scheduled, entry)).order_by(catch_up.c.starts_at))
    return [
        CatchUpBooking(
            row.id,
            row.starts_at,
            row.ends_at,
            row.venue or scheduled.venue,
            Outcome(row.outcome) if row.outcome else None,
        )
        for row in rows
    ]


def proposed(connection: Connection, scheduled: ScheduledSession, now: datetime) -> tuple[datetime, datetime]:
    """Return when a catch-up might be: on the session's weekday, as long, and at no other session of the group."""
    starts, ends = scheduled.starts_at.astimezone(LOCAL), scheduled.ends_at.astimezone(LOCAL)
    length = ends - starts
    day = max(now.astimezone(LOCAL).date(), starts.date()) + timedelta(days=1)
    day += timedelta(days=(starts.weekday() - day.weekday()) % 7)
    same = datetime.combine(day, starts.time())
    time_ranges = [
        _instants(begins, length) for begins in (same, same + length, same - length) if _by_day(begins, length)
    ]
    free = [time_range for time_range in time_ranges if not planning.overlapping(connection, scheduled, time_range)]
    return (free or [_instants(same, length)])[0]


def book(
    connection: Connection,
    scheduled: ScheduledSession,
    entry: RegisterEntry,
    time_range: tuple[datetime, datetime],
    venue: str,
    user: Member,
    now: datetime,
) -> bool:
    """Book a catch-up in place of one that is booked; False where one at that very time has an outcome already."""
    starts_at, ends_at = time_range
    same = catch_up.c.outcome.is_not(None) & (catch_up.c.starts_at == starts_at)
    if connection.execute(select(catch_up.c.id).where(_own(scheduled, entry), same)).first():
        return False
    connection.execute(delete(catch_up).where(_own(scheduled, entry), catch_up.c.outcome.is_(None)))
    row = {"enrolment_id": entry.enrolment_id, "session_id": scheduled.id, "starts_at": starts_at, "ends_at": ends_at}
    connection.execute(insert(catch_up).values(venue=venue or None, **row))
    audit.note(connection, now, user.actor, "catch-up booked", entry.participant_id, f"session {scheduled.number}")
    return True


def cancel(
    connection: Connection,
    scheduled: ScheduledSession,
    entry: RegisterEntry,
    starts_at: datetime,
    user: Member,
    now: datetime,
) -> bool:
    """Take back the one booked for ``starts_at``; False where none is: moved, cancelled, or recorded meanwhile."""
    if not connection.execute(delete(catch_up).where(_booked(scheduled, entry, starts_at))).rowcount:
        return False
    audit.note(connection, now, user.actor, "catch-up cancelled", entry.participant_id, f"session {scheduled.number}")
    return True


def record(
    connection: Connection,
    scheduled: ScheduledSession,
    entry: RegisterEntry,
    starts_at: datetime,
    outcome: Outcome,
    user: Member,
    now: datetime,
) -> bool:
    """Record what came of the one booked for ``starts_at``; False where none is any more."""
    came = update(catch_up).where(_booked(scheduled, entry, starts_at)).values(outcome=outcome.value)
    if not connection.execute(came).rowcount:
        return False
    detail = f"session {scheduled.number}: {outcome}"
    audit.note(connection, now, user.actor, "catch-up recorded", entry.participant_id, detail)
    return True


def _by_day(begins: datetime, length: timedelta) -> bool:
    return (
        begins.hour >= _EARLIEST and (begins + length).time() <= _LATEST and (begins + length).date() == begins.date()
    )


def _instants(begins: datetime, length: timedelta) -> tuple[datetime, datetime]:
    starts_at = begins.replace(tzinfo=LOCAL).astimezone(UTC)
    return starts_at, starts_at + length


def _booked(scheduled: ScheduledSession, entry: RegisterEntry, starts_at: datetime) -> "ColumnElement[Any]":
    return _own(scheduled, entry) & (catch_up.c.starts_at == starts_at) & catch_up.c.outcome.is_(None)


def _own(scheduled: ScheduledSession, entry: RegisterEntry) -> "ColumnElement[Any]":
    return (catch_up.c.enrolment_id == entry.enrolment_id) & (catch_up.c.session_id == scheduled.id)
