"""The texts about alerts that were put into the outbox for the duty phones."""

from sqlalchemy import delete, exists, select
from sqlalchemy.engine import Connection

from bot.alerts.tables import alert, duty_text
from bot.messaging.tables import outbox as outbox_table


def is_text(connection: Connection, outbox_id: int) -> bool:
    """Tell whether a message of the outbox went to a duty phone."""
    return bool(connection.execute(select(exists().where(duty_text.c.outbox_id == outbox_id))).scalar())


def withdraw(connection: Connection, alert_id: int) -> None:
    """Take back what has not been sent yet about an alert that somebody has taken on, unless it is about others too."""
    others = duty_text.alias("others")
    still_wanted = (
        exists()
        .where(others.c.outbox_id == outbox_table.c.id)
        .where(alert.c.id == others.c.alert_id)
        .where(alert.c.acknowledged_at.is_(None))
    )
    own = select(duty_text.c.outbox_id).where(duty_text.c.alert_id == alert_id)
    unsent = (outbox_table.c.state == "waiting") & outbox_table.c.id.in_(own)
    connection.execute(delete(outbox_table).where(unsent, ~still_wanted))
