"""The sessions of a member's groups, with how many people each is for and how many are to be confirmed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

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
    own = _sessions().where(session.c.group_id.in_(scope.groups(who)))
    return _counted(connection, own.where(session.c.starts_at >= start, session.c.starts_at < end), now)


def of_group(connection: Connection, group_id: int, now: datetime) -> list[Held]:
    """Return the sessions of a group, found by :func:`bot.records.staff.scope.group`, the earliest first."""
    return _counted(connection, _sessions().where(session.c.group_id == group_id), now)


def _counted(connection: Connection, query: Select, now: datetime) -> list[Held]:
    found = [_held(row) for row in connection.execute(query.order_by(session.c.starts_at, session.c.id))]
    counts = dict(_counts(connection, [one.id for one in found], now)) if found else {}
    return [replace(one, places=counts[one.id][0], to_be_confirmed=counts[one.id][1]) for one in found]


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


def _counts(connection: Connection, ids: list[int], now: datetime) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield for each session its people, and those of them with nothing recorded."""
    own = (attendance.c.session_id == session.c.id) & (attendance.c.enrolment_id == enrolment.c.id)
    columns = (session.c.id, session.c.starts_at, enrolment.c.from_date, enrolment.c.to_date, enrolment.c.status)
    query = (
        select(*columns, attendance.c.outcome)
        .outerjoin(enrolment, enrolment.c.group_id == session.c.group_id)
        .outerjoin(attendance, own)
        .where(session.c.id.in_(ids))
        .order_by(session.c.id)
    )
    for id_, rows in groupby(connection.execute(query).all(), key=lambda row: row.id):
        people = [
            r for r in rows if r.status and (r.outcome or is_for(r.starts_at, r.status, r.from_date, r.to_date, now))
        ]
        yield id_, (len(people), sum(r.outcome is None for r in people))
