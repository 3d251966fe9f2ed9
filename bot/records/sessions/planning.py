"""Groups and their sessions: making a group, planning it, moving or cancelling a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.attendance import register
from bot.records.attendance.register import RegisterChoice, RegisterEntry
from bot.records.attendance.tables import attendance
from bot.records.enums import Outcome, ScheduleOption
from bot.records.importing.cells import existing
from bot.records.participants.tables import enrolment
from bot.records.sessions import programmes
from bot.records.sessions.plan import Planned
from bot.records.sessions.tables import block, programme_group, session
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff.members import Member
from bot.text.typed import compared


@dataclass(frozen=True)
class PlannedGroup:
    """A group, with how many people it has now and how many sessions are planned."""

    id: int
    name: str
    option: ScheduleOption
    venue: str
    people: int
    sessions: int
    first: datetime | None
    last: datetime | None


class TakenError(Exception):
    """A group of that name is there already, in whichever office; case makes no difference."""


def groups(connection: Connection, user: Member, only: int | None = None) -> list[PlannedGroup]:
    """Return the member's groups by name; or the one with the id ``only``."""
    active = enrolment.c.status.in_(("active", "suspended"))
    people = select(func.count()).where(enrolment.c.group_id == programme_group.c.id, active).scalar_subquery()
    own = session.c.group_id == programme_group.c.id
    query = select(
        programme_group,
        people.label("people"),
        select(func.count()).where(own).scalar_subquery().label("sessions"),
        select(func.min(session.c.starts_at)).where(own).scalar_subquery().label("first"),
        select(func.max(session.c.starts_at)).where(own).scalar_subquery().label("last"),
    ).where(programme_group.c.office_id == user.office_id)
    if only is not None:
        query = query.where(programme_group.c.id == only)
    rows = connection.execute(query.order_by(programme_group.c.name))
    return [
        PlannedGroup(r.id, r.name, ScheduleOption(r.option), r.venue, r.people, r.sessions, r.first, r.last)
        for r in rows
    ]


def add(
    connection: Connection, user: Member, programme: str, name: str, option: ScheduleOption, venue: str, now: datetime
) -> int:
    """Make a group of the member's office and return its id; raise TakenError."""
    taken = connection.execute(select(programme_group.c.name)).scalars()
    if any(compared(other) == compared(name) for other in taken):
        raise TakenError
    row = {
        "programme_id": programmes.ensure(connection, programme).id,
        "office_id": user.office_id,
        "name": name,
        "option": option.value,
        "venue": venue,
    }
    id_ = int(connection.execute(insert(programme_group).values(**row)).inserted_primary_key[0])
    audit.note(connection, now, user.actor, "group added", detail=f"group {id_}")
    return id_


def keep(connection: Connection, user: Member, group_id: int, planned: Sequence[Planned], now: datetime) -> None:
    """Write what was planned for a group that has no sessions yet."""
    blocks: dict[int, int] = {}
    for one in planned:
        if one.block not in blocks:
            row = {"group_id": group_id, "name": f"Block {one.block}"}
            blocks[one.block] = connection.execute(insert(block).values(**row)).inserted_primary_key[0]
        times = {"starts_at": existing(one.starts_at, "starts_at"), "ends_at": existing(one.ends_at, "ends_at")}
        row = {"group_id": group_id, "block_id": blocks[one.block], "number": one.number}
        connection.execute(insert(session).values(**row, **times))
    audit.note(connection, now, user.actor, "sessions planned", detail=f"group {group_id}: {len(planned)} sessions")


def check(planned: Sequence[Planned]) -> None:
    """Raise CellError where a session would be at a time that the clock change skips."""
    for one in planned:
        existing(one.starts_at, "starts_at")
        existing(one.ends_at, "ends_at")


def overlapping(connection: Connection, scheduled: ScheduledSession, time_range: tuple[datetime, datetime]) -> bool:
    """Tell whether another session of the group is on at that time."""
    starts_at, ends_at = time_range
    other = (session.c.group_id == scheduled.group_id) & (session.c.id != scheduled.id)
    query = select(session.c.id).where(other, session.c.starts_at < ends_at, session.c.ends_at > starts_at)
    return connection.execute(query).first() is not None


def move(
    connection: Connection,
    scheduled: ScheduledSession,
    time_range: tuple[datetime, datetime],
    venue: str,
    user: Member,
    now: datetime,
) -> bool:
    """Give a session another time and place; whoever had it recorded as rescheduled has it before them again.

    False where it is no longer when ``held`` says: somebody else has moved it.
    """
    starts_at, ends_at = time_range
    values = {"starts_at": starts_at, "ends_at": ends_at, "venue": venue or None}
    unmoved = (session.c.id == scheduled.id) & (session.c.starts_at == scheduled.starts_at)
    if not connection.execute(update(session).where(unmoved).values(**values)).rowcount:
        return False
    rescheduled = attendance.c.outcome.in_((Outcome.RSSR.value, Outcome.RSOF.value))
    connection.execute(delete(attendance).where(attendance.c.session_id == scheduled.id, rescheduled))
    audit.note(
        connection, now, user.actor, "session moved", detail=f"session {scheduled.number} of group {scheduled.group_id}"
    )
    return True


def cancel(connection: Connection, scheduled: ScheduledSession, user: Member, now: datetime) -> list[RegisterEntry]:
    """Record a session as rescheduled by the service for everybody with nothing recorded; return who that is."""
    touched = [entry for entry in register.entries(connection, scheduled, now) if entry.outcome is None]
    if not touched:
        return []
    choices = {entry.enrolment_id: RegisterChoice(None, Outcome.RSSR) for entry in touched}
    register.record(connection, scheduled, choices, user, now)
    detail = f"session {scheduled.number} of group {scheduled.group_id}"
    audit.note(connection, now, user.actor, "session cancelled", detail=detail)
    return touched
