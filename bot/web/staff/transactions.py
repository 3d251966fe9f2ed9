"""The transactions that pages of staff run in.

A page that is only looked at runs in a transaction that reads. The entries of the audit trail that it leaves behind,
and that the session is in use, are written by a short transaction after it, before the page is sent. Any other page
runs in one transaction that writes, so that a change is kept together with its entry in the audit trail.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.database.engine import Database
from bot.records import audit
from bot.records.staff import login_sessions


class MakePage(Protocol):
    """Makes a page in a transaction; returns None where it would have to write in one that only reads."""

    def __call__(self, connection: Connection, /, *, may_write: bool = True) -> Response | None:
        """Return the page."""
        ...


async def read(
    database: Database, make: MakePage, used_session: str | None, clock: Callable[[], datetime]
) -> Response | None:
    """Return a page from a transaction that reads; None where it has to be made in one that writes.

    ``used_session`` is the token of the session that is kept open by it, if any.
    """

    def look(connection: Connection) -> tuple[Response | None, list[dict[str, Any]], bool]:
        noted = audit.gather(connection)
        response = make(connection, may_write=False)
        is_due = used_session is not None and login_sessions.is_to_be_noted(connection, used_session, clock())
        return response, noted, is_due

    def keep(connection: Connection) -> None:
        audit.keep(connection, noted)
        if used_session is not None and is_due:
            login_sessions.note_use(connection, used_session, clock())

    response, noted, is_due = await database.read(look)
    if response is not None and (noted or is_due):
        await database.write(keep)
    return response


async def write(database: Database, make: MakePage) -> Response:
    """Return a page from a transaction that writes."""
    response = await database.write(make)
    if response is None:
        raise RuntimeError("a page that may write has to be shown")
    return response
