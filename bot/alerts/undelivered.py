"""What could not be brought to anybody after all: staff are told, once for each gateway that is out of order."""

from datetime import datetime

from sqlalchemy.engine import Connection

from bot.alerts import alert_store, duty_texts
from bot.messages import Address

REPLIES, DANGER = "replies_not_delivered", "danger_not_delivered"
"""The alerts: that a gateway has taken nothing for hours, and that somebody in danger has not got the reply."""


def alert_staff(
    connection: Connection, outbox_id: int, channel: str, address: Address, now: datetime, *, urgent: bool
) -> None:
    """Raise the alert about a message that failed for good.

    A duty phone that cannot be reached is shown beside the alert that it was texted about; an alert of its own would
    text it once more.
    """
    if duty_texts.is_text(connection, outbox_id):
        return
    if urgent:
        alert_store.put(connection, DANGER, address, now)
    else:  # of a gateway: hundreds of people may wait for replies by it
        alert_store.put(connection, REPLIES, None, now, gateway=channel)
