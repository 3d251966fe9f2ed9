"""The sessions of a member's groups, with how many people each is for and how many are to be confirmed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.elements import ColumnElement

from bot.records.outcomes import Status
from bot.records.picture import LOCAL
from bot.records.staff import scope
from bot.records.staff.members import Member
from bot.records.tables import attendance, block, enrolment, programme_group, session

_ENDED = (Status.COMPLETED.value, Status.WITHDRAWN.value)


@dataclass(frozen=True)
class Held:
    """A session of a group."""

    id: int
    group_id: int
    group: str
    number: int
    block: str
    starts_at: datetime
    ends_at: datetime
    own_venue: str
    """Where it is, where that is not the group's own place."""
    room: str
    """The group's own place."""
    places: int = 0
    """How many people it is for."""
    to_be_confirmed: int = 0
    """For how many of them nothing is recorded."""

    @property
    def venue(self) -> str:
        """Where it is."""
        return self.own_venue or self.room


def held(connection: Connection, session_id: int) -> Held:
    """Return one session, found by :func:`bot.records.staff.scope.held`; its people are not counted."""
    return _held(connection.execute(_sessions().where(session.c.id == session_id)).one())


def between(connection: Connection, who: Member, start: datetime, end: datetime, now: datetime) -> list[Held]:
    """Return the sessions of the member's groups that start in a stretch of time, the earliest first."""
    own = session.c.group_id.in_(scope.groups(who))
    return _counted(connection, own & (session.c.starts_at >= start) & (session.c.starts_at < end), now)


def of_group(connection: Connection, group_id: int, now: datetime) -> list[Held]:
    """Return the sessions of a group, found by :func:`bot.records.staff.scope.group`, the earliest first."""
    return _counted(connection, session.c.group_id == group_id, now)


def _counted(connection: Connection, wanted: ColumnElement, now: datetime) -> list[Held]:
    counts = _counts(connection, wanted, now)
    rows = connection.execute(_sessions().where(wanted).order_by(session.c.starts_at, session.c.id))
    found = []
    for row in rows:
        places, unconfirmed = counts.get(row.id, (0, 0))
        found.append(replace(_held(row), places=places, to_be_confirmed=unconfirmed))
    return found


def is_for(starts_at: datetime, status: str, first: date | None, last: date | None, now: datetime) -> bool:
    """Tell whether a session is for somebody: it falls into his time in its group, and that has not ended before."""
    day = starts_at.astimezone(LOCAL).date()
    covered = (first is None or first <= day) and (last is None or day <= last)
    return covered and (status not in _ENDED or starts_at <= now)


def _sessions() -> Select:
    columns = (session, programme_group.c.name.label("group"), programme_group.c.venue.label("room"))
    query = select(*columns, block.c.name.label("block"))
    return query.join(programme_group, programme_group.c.id == session.c.group_id).join(
        block, block.c.id == session.c.block_id
    )


def _held(row: Any) -> Held:
    times = (row.starts_at, row.ends_at)
    return Held(row.id, row.group_id, row.group, row.number, row.block, *times, row.venue or "", row.room)


def _counts(connection: Connection, wanted: ColumnElement, now: datetime) -> dict[int, tuple[int, int]]:
    """Return for each session its people, and how many of them have nothing recorded.

    People whose time in the group began and ended alike are counted by the database: most of a group are.
    """
    own = (attendance.c.session_id == session.c.id) & (attendance.c.enrolment_id == enrolment.c.id)
    recorded = attendance.c.outcome.is_not(None).label("recorded")
    alike = (
        session.c.id,
        session.c.starts_at,
        enrolment.c.from_date,
        enrolment.c.to_date,
        enrolment.c.status,
        recorded,
    )
    query = (
        select(*alike, func.count().label("people"))
        .join(enrolment, enrolment.c.group_id == session.c.group_id)
        .outerjoin(attendance, own)
        .where(wanted)
        .group_by(*alike)
    )
    found: dict[int, tuple[int, int]] = {}
    for row in connection.execute(query):
        if row.recorded or is_for(row.starts_at, row.status, row.from_date, row.to_date, now):
            places, unconfirmed = found.get(row.id, (0, 0))
            found[row.id] = (places + row.people, unconfirmed + (0 if row.recorded else row.people))
    return found
