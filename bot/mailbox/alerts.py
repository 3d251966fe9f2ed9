"""What staff must hear of: stored in the transaction of whatever made it so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.mailbox import duty
from bot.mailbox.tables import alert


def put(
    connection: Connection,
    topic: str,
    channel: str,
    address: str,
    raised_at: datetime,
    participant_id: int | None = None,
) -> None:
    """Raise an alert, unless the same one of the same person still waits for somebody to take it on.

    What somebody in danger goes on to say would else bury the alerts of others, and text the duty phones each time.
    """
    alike = (alert.c.topic == topic) & (alert.c.channel == channel) & alert.c.acknowledged_at.is_(None)
    if address in connection.scalars(select(alert.c.address).where(alike)):  # encrypted: compared here
        return
    values = {"topic": topic, "channel": channel, "address": address, "raised_at": raised_at}
    connection.execute(insert(alert).values(participant_id=participant_id, **values))


@dataclass(frozen=True)
class Alert:
    """An alert as staff see it."""

    id: int
    topic: str
    channel: str
    address: str
    participant_id: int | None
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    first_called_at: datetime | None = None
    """When the first duty phone was texted about it, and then all of them: see `duty.py`."""
    second_called_at: datetime | None = None


def listed(connection: Connection, since: datetime) -> list[Alert]:
    """Return every alert that is open, and those acknowledged ``since``; the oldest first."""
    wanted = alert.c.acknowledged_at.is_(None) | (alert.c.acknowledged_at >= since)
    rows = connection.execute(select(alert).where(wanted).order_by(alert.c.raised_at, alert.c.id))
    return [Alert(**row) for row in rows.mappings()]


def acknowledge(connection: Connection, alert_id: int, actor: str, now: datetime) -> bool:
    """Note who has taken an alert on, and tell whether nobody had before: whoever was first stays.

    What was still to be said to the duty phones is not said any more.
    """
    own = (alert.c.id == alert_id) & alert.c.acknowledged_at.is_(None)
    if not connection.execute(update(alert).where(own).values(acknowledged_at=now, acknowledged_by=actor)).rowcount:
        return False
    duty.withdraw(connection, alert_id)
    return True
