"""Signing in: a password, and a code for those who have it on. Waits grow, and at last nobody gets in for a day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.hashes import matches
from bot.records.staff.members import Member, member, plain, totp_step
from bot.records.tables import staff

WRONG_TRIES = 10
"""After so many wrong ones in a row nobody gets in for :data:`LOCKED`."""
LOCKED = timedelta(hours=24)
_FREE_TRIES, _FIRST_WAIT = 3, timedelta(seconds=15)


def sign_in(connection: Connection, email: str, password: str, code: str, now: datetime) -> Member | None:
    """Return the member if everything is right and may be tried now; count a wrong try.

    Which of "unknown", "wrong", "too soon" and "locked" it was is not told: whoever guesses would learn from it.
    """
    query = select(staff).where(staff.c.email_hash == plain(email)).with_for_update()
    row = connection.execute(query).first()
    if row is None or (row.locked_until and now < row.locked_until):
        matches(None, password)  # takes as long as a wrong one: time tells nothing either
        return None
    if not _tried(connection, row, password, code, now):
        return None
    audit.note(connection, now, f"staff:{row.id}", "signed in")
    return member(connection, row.id)


def proved(connection: Connection, id_: int, password: str, code: str, now: datetime) -> bool:
    """Tell whether somebody who is signed in as a member is that member; wrong tries count as those above do."""
    row = connection.execute(select(staff).where(staff.c.id == id_).with_for_update()).one()
    if row.locked_until and now < row.locked_until:
        return False
    return _tried(connection, row, password, code, now)


def _tried(connection: Connection, row: Any, password: str, code: str, now: datetime) -> bool:
    """Tell whether both are right, and count a wrong try."""
    own = update(staff).where(staff.c.id == row.id)
    right = matches(row.password, password)
    step = totp_step(row.totp, code, now, row.totp_step) if row.totp else None
    if not right or (row.totp and step is None):
        failed = row.failed + 1
        connection.execute(own.values(failed=failed, locked_until=_locked_until(failed, now)))
        audit.note(connection, now, f"staff:{row.id}", "sign-in locked" if failed >= WRONG_TRIES else "sign-in wrong")
        return False
    connection.execute(own.values(failed=0, locked_until=None, totp_step=step))
    return True


def _locked_until(failed: int, now: datetime) -> datetime | None:
    """Return until when no try counts: nothing after a slip or two, then twice as long each time, then a day."""
    if failed >= WRONG_TRIES:
        return now + LOCKED
    wait: timedelta = _FIRST_WAIT * 2 ** (failed - _FREE_TRIES)
    return now + wait if failed >= _FREE_TRIES else None
