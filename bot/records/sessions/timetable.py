"""The sessions of a member's groups, with how many people each is for and how many are to be confirmed."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.elements import ColumnElement

from bot.records.attendance.tables import attendance, catch_up
from bot.records.enums import AttendanceKind, Outcome, Status
from bot.records.participants.membership import Membership
from bot.records.participants.tables import enrolment
from bot.records.sessions.tables import block, programme_group, session
from bot.records.staff import scope
from bot.records.staff.members import Member


@dataclass(frozen=True)
class ScheduledSession:
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
    people: int = 0
    """How many people have it as theirs."""
    to_be_confirmed: int = 0
    """For how many of them nothing is recorded."""
    rescheduled: int = 0
    """For how many the service has recorded it as rescheduled."""
    attended: int = 0
    """How many were there."""

    @property
    def venue(self) -> str:
        """Where it is."""
        return self.own_venue or self.room

    @property
    def cancelled(self) -> bool:
        """Whether it is not held on its date."""
        return is_cancelled(self.rescheduled, self.attended, self.to_be_confirmed)


def scheduled_session(connection: Connection, session_id: int) -> ScheduledSession:
    """Return one session, found by :func:`bot.records.staff.scope.session_in_scope`; its people are not counted."""
    return _scheduled_session(connection.execute(_sessions().where(session.c.id == session_id)).one())


def between(
    connection: Connection, user: Member, start: datetime, end: datetime, now: datetime
) -> list[ScheduledSession]:
    """Return the sessions of the member's groups that start in a stretch of time, the earliest first."""
    own = session.c.group_id.in_(scope.group_ids(user))
    return _counted(connection, own & (session.c.starts_at >= start) & (session.c.starts_at < end), now)


def of_group(connection: Connection, group_id: int, now: datetime) -> list[ScheduledSession]:
    """Return the sessions of a group, found by :func:`bot.records.staff.scope.group_in_scope`, the earliest first."""
    return _counted(connection, session.c.group_id == group_id, now)


def _counted(connection: Connection, wanted: "ColumnElement[Any]", now: datetime) -> list[ScheduledSession]:
    counts = _counts(connection, wanted, now)
    rows = connection.execute(_sessions().where(wanted).order_by(session.c.starts_at, session.c.id))
    found = []
    for row in rows:
        counted = counts.get(row.id, Counter())
        found.append(
            replace(
                _scheduled_session(row),
                people=counted.total(),
                to_be_confirmed=counted[None],
                rescheduled=counted[Outcome.RSSR],
                attended=sum(counted[outcome] for outcome in Outcome if outcome.kind is AttendanceKind.ATTENDED),
            )
        )
    return found


def is_cancelled(rescheduled: int, attended: int, unconfirmed: int) -> bool:
    """Tell whether a session is cancelled: rescheduled for everybody but those who joined the group since."""
    return not attended and rescheduled > unconfirmed


def _sessions() -> Select:
    columns = (session, programme_group.c.name.label("group"), programme_group.c.venue.label("room"))
    query = select(*columns, block.c.name.label("block"))
    return query.join(programme_group, programme_group.c.id == session.c.group_id).join(
        block, block.c.id == session.c.block_id
    )


def _scheduled_session(row: Any) -> ScheduledSession:
    times = (row.starts_at, row.ends_at)
    return ScheduledSession(row.id, row.group_id, row.group, row.number, row.block, *times, row.venue or "", row.room)


def _counts(connection: Connection, wanted: "ColumnElement[Any]", now: datetime) -> dict[int, Counter[Outcome | None]]:
    """Return for each session how many people have which outcome, None for nothing recorded.

    People whose time in the group began and ended alike are counted by the database: most of a group are.
    """
    own = (attendance.c.session_id == session.c.id) & (attendance.c.enrolment_id == enrolment.c.id)
    caught = select(catch_up.c.session_id, catch_up.c.enrolment_id).distinct().subquery()
    alike = (
        session.c.id,
        session.c.starts_at,
        enrolment.c.from_date,
        enrolment.c.to_date,
        enrolment.c.status,
        attendance.c.outcome,
        caught.c.session_id.label("caught"),
    )
    query = (
        select(*alike, func.count().label("people"))
        .join(enrolment, enrolment.c.group_id == session.c.group_id)
        .outerjoin(attendance, own)
        .outerjoin(caught, (caught.c.session_id == session.c.id) & (caught.c.enrolment_id == enrolment.c.id))
        .where(wanted)
        .group_by(*alike)
    )
    found: dict[int, Counter[Outcome | None]] = {}
    for row in connection.execute(query):
        membership = Membership(Status(row.status), row.from_date, row.to_date)
        is_recorded = row.outcome is not None or row.caught is not None
        if membership.includes(row.starts_at, now, is_recorded=is_recorded):
            found.setdefault(row.id, Counter())[Outcome(row.outcome) if row.outcome else None] += row.people
    return found
