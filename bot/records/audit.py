"""The audit trail: who did what, when, about whom. No texts, names or numbers in it."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.records.tables import audit_entry


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
    connection.execute(insert(audit_entry).values(**values))
