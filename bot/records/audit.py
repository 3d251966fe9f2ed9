"""The audit trail: who did what, when, about whom. It has ids and codes, and no text, name or number of anybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.records.tables import audit_entry

SERVICE = "the service"
"""The actor of what the service does by itself."""
_GATHERED = "audit_gathered"
_AGAIN = timedelta(hours=1)
"""A page that is looked at again within this time is one reading."""


def note(
    connection: Connection,
    now: datetime,
    actor: str,
    action: str,
    participant_id: int | None = None,
    detail: str = "",
) -> None:
    """Add an entry, in the transaction of what it tells of."""
    values = {"at": now, "actor": actor[:80], "action": action, "participant_id": participant_id, "detail": detail}
    gathered = connection.get_execution_options().get(_GATHERED)
    if gathered is None:
        connection.execute(insert(audit_entry).values(**values))
    else:
        gathered.append(values)


def gather(connection: Connection) -> list[dict[str, Any]]:
    """Have what is noted on a connection that only reads put into a list, for :func:`keep`, and return that list."""
    gathered: list[dict[str, Any]] = []
    connection.execution_options(**{_GATHERED: gathered})
    return gathered


def keep(connection: Connection, gathered: Sequence[dict[str, Any]]) -> None:
    """Add entries that were gathered while reading."""
    if gathered:
        connection.execute(insert(audit_entry), list(gathered))


def note_reading(
    connection: Connection, now: datetime, actor: str, action: str, people: Iterable[int], detail: str = ""
) -> None:
    """Add an entry for each person that is read about, but not for one who was read about so within the hour."""
    same = (audit_entry.c.actor == actor) & (audit_entry.c.action == action) & (audit_entry.c.detail == detail)
    recent = same & (audit_entry.c.at > now - _AGAIN)
    known = set(connection.execute(select(audit_entry.c.participant_id).where(recent)).scalars())
    for person in sorted(set(people) - known):
        note(connection, now, actor, action, person, detail)
