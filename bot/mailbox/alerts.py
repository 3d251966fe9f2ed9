"""What staff must hear of: stored in the transaction of whatever made it so."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.mailbox.tables import alert

BLOCKED = "blocked_by_provider"
"""The provider itself lets nothing through to somebody: not even the reply to a cry for help."""


def put(
    connection: Connection,
    topic: str,
    channel: str,
    address: str,
    raised_at: datetime,
    participant_id: int | None = None,
) -> None:
    """Raise an alert."""
    values = {"topic": topic, "channel": channel, "address": address, "raised_at": raised_at}
    connection.execute(insert(alert).values(participant_id=participant_id, **values))
