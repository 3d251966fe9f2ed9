"""Sessions of staff: a random token in a cookie, its keyed hash here. They end by idling, by age, by signing out."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.records import audit
from bot.records.staff.members import Member, member
from bot.records.staff.tables import staff_session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_NOTED = timedelta(minutes=1)
"""How exactly it is noted when a session was used last: not every page has to wait for the disk."""


def begin(connection: Connection, token: str, user: Member, now: datetime) -> None:
    """Open a session under ``token``; sessions that ended are swept away with it."""
    connection.execute(delete(staff_session).where(_over(now)))
    row = {"token_hash": token, "staff_id": user.id, "created_at": now, "seen_at": now, "expires_at": now + LONGEST}
    connection.execute(insert(staff_session).values(**row))


def holder(connection: Connection, token: str, now: datetime, *, used: bool = True) -> Member | None:
    """Return whose session ``token`` opens; None where there is none, or it ended.

    It is kept open by being ``used``: by somebody, not by a page that asks by itself.
    """
    own = staff_session.c.token_hash == token
    row = connection.execute(select(staff_session).where(own, ~_over(now))).first()
    if row is None:
        return None
    if used and now - row.seen_at >= _NOTED:
        note_use(connection, token, now)
    return member(connection, row.staff_id)


def is_to_be_noted(connection: Connection, token: str, now: datetime) -> bool:
    """Tell whether it is long enough ago that the use of a session was noted."""
    query = select(staff_session.c.seen_at).where(staff_session.c.token_hash == token)
    seen_at: datetime | None = connection.execute(query).scalar()
    return seen_at is not None and now - seen_at >= _NOTED


def note_use(connection: Connection, token: str, now: datetime) -> None:
    """Note that a session is used, unless it has ended meanwhile."""
    own = (staff_session.c.token_hash == token) & ~_over(now)
    connection.execute(update(staff_session).where(own).values(seen_at=now))


def end(connection: Connection, token: str, user: Member, now: datetime) -> None:
    """Sign out."""
    connection.execute(delete(staff_session).where(staff_session.c.token_hash == token))
    audit.note(connection, now, user.actor, "signed out")


def end_all(connection: Connection, user: Member) -> None:
    """End every session of a member."""
    connection.execute(delete(staff_session).where(staff_session.c.staff_id == user.id))


def _over(now: datetime) -> "ColumnElement[Any]":
    return (staff_session.c.expires_at <= now) | (staff_session.c.seen_at <= now - IDLE)
