"""Signing in: a password, and a code for those who use an app. Wrong tries have to be waited for.

They count for the account and the network address together: whoever guesses at somebody's account slows down the own
address and nobody else's. Only who knows the password and guesses the code slows the account down for everybody.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.access.hashes import matches
from bot.records.staff.members import Member, member, plain, totp_step
from bot.records.staff.tables import staff, staff_try

LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN = timedelta(hours=24)
"""After so long without another one, wrong tries of an address count no more."""
_FREE_TRIES, _FIRST_WAIT = 3, timedelta(seconds=15)


def sign_in(
    connection: Connection, email: str, password: str, code: str, now: datetime, address: str = ""
) -> Member | None:
    """Return the member if everything is right and may be tried now from ``address``; count a wrong try.

    Which of "unknown", "wrong" and "too soon" it was is not told: whoever guesses would learn from it.
    """
    query = select(staff).where(staff.c.email_hash == plain(email)).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        matches(None, password)  # takes as long as a wrong one: time tells nothing either
        return None
    if not _tried(connection, row, password, code, now, address):
        return None
    audit.note(connection, now, f"staff:{row.id}", "signed in")
    return member(connection, row.id)


def reauthenticate(
    connection: Connection, id_: int, password: str, code: str, now: datetime, address: str = ""
) -> bool:
    """Tell whether somebody who is signed in as a member is that member; wrong tries count as those above do."""
    row = connection.execute(select(staff).where(staff.c.id == id_).with_for_update()).one()
    return _tried(connection, row, password, code, now, address)


def _tried(connection: Connection, row: Any, password: str, code: str, now: datetime, address: str) -> bool:
    """Tell whether both are right and may be tried now, and count a wrong try."""
    before = _before(connection, row.id, address, now)
    if any(until and now < until for until in (row.locked_until, before.wait_until if before else None)):
        matches(None, password)
        return False
    right = matches(row.password, password)
    step = totp_step(row.totp, code, now, row.totp_step) if row.totp else None
    if right and (step is not None or not row.totp):
        connection.execute(delete(staff_try).where(_own(row.id, address)))
        own = update(staff).where(staff.c.id == row.id)
        connection.execute(own.values(failed=0, locked_until=None, totp_step=step))
        return True
    _count(connection, row.id, address, (before.failed if before else 0) + 1, now)
    if right:  # only the code was wrong
        own = update(staff).where(staff.c.id == row.id)
        connection.execute(own.values(failed=row.failed + 1, locked_until=_wait_until(row.failed + 1, now)))
    audit.note(connection, now, f"staff:{row.id}", "sign-in wrong")
    return False


def _before(connection: Connection, id_: int, address: str, now: datetime) -> Any:
    recent = staff_try.c.at > now - FORGOTTEN
    return connection.execute(select(staff_try).where(_own(id_, address), recent)).first()


def _count(connection: Connection, id_: int, address: str, failed: int, now: datetime) -> None:
    connection.execute(delete(staff_try).where(_own(id_, address)))
    row = {"staff_id": id_, "address_hash": address, "failed": failed, "at": now}
    connection.execute(insert(staff_try).values(**row, wait_until=_wait_until(failed, now)))


def _own(id_: int, address: str) -> Any:
    return (staff_try.c.staff_id == id_) & (staff_try.c.address_hash == address)


def _wait_until(failed: int, now: datetime) -> datetime | None:
    """Return until when no try counts: nothing after a slip or two, then twice as long each time, an hour at most."""
    if failed < _FREE_TRIES:
        return None
    wait: timedelta = _FIRST_WAIT * 2 ** min(failed - _FREE_TRIES, 16)
    return now + min(wait, LONGEST_WAIT)
