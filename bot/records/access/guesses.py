"""Signing in with a reference that has no PIN, or is nobody's: it is waited for as for anybody's.

Whoever tries references at the screen would otherwise learn from the wait which of them are somebody's. What was tried
is kept as a keyed hash, for as long as messages are.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.records.access import waits
from bot.records.access.tables import guess
from bot.records.access.waits import Wait


def wait(connection: Connection, reference: str) -> Wait:
    """Return how long nothing is tried with ``reference``."""
    query = select(guess.c.wait_until, guess.c.locked).where(guess.c.reference_hash == reference)
    row = connection.execute(query).first()
    return Wait(row.wait_until, row.locked) if row else Wait()


def count(connection: Connection, reference: str, now: datetime) -> None:
    """Count a try, as a wrong PIN is counted: not while it has to be waited."""
    own = guess.c.reference_hash == reference
    row = connection.execute(select(guess).where(own).with_for_update()).first()
    if row is None:
        connection.execute(insert(guess).values(reference_hash=reference, wrong=1, at=now))
        return
    if Wait(row.wait_until, row.locked).holds(now):
        return
    following = waits.after(row.wrong + 1, now)
    values = {"wrong": row.wrong + 1, "wait_until": following.until, "locked": following.locked, "at": now}
    connection.execute(update(guess).where(own).values(**values))
