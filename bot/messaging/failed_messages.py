"""Messages that something went wrong with, for staff to see: not answered, or not delivered. No text of any."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.messages import Address
from bot.messaging.tables import inbox, outbox


@dataclass(frozen=True)
class FailedMessage:
    """One message."""

    at: datetime
    channel: str
    address: Address
    answered: bool
    """False where no answer could be made; True where one was, and it did not get through."""


def since(connection: Connection, moment: datetime, most: int) -> list[FailedMessage]:
    """Return the latest ones since a moment, at most so many, the newest first."""
    failed = select(outbox.c.created_at, outbox.c.channel, outbox.c.address)
    failed = failed.where(outbox.c.state == "failed", outbox.c.created_at >= moment)
    unanswered = select(inbox.c.received_at, inbox.c.channel, inbox.c.address)
    unanswered = unanswered.where(inbox.c.state == "set_aside", inbox.c.received_at >= moment)
    found = []
    for query, table, answered in ((failed, outbox, True), (unanswered, inbox, False)):
        for at, channel, address in connection.execute(query.order_by(table.c.id.desc()).limit(most)):
            found.append(FailedMessage(at, channel, Address.on(channel, address), answered))
    return sorted(found, key=lambda trouble: trouble.at, reverse=True)[:most]


def counted(connection: Connection, moment: datetime) -> dict[str, dict[str, int]]:
    """Return for each channel how many messages came since a moment, went, were delivered and failed."""
    came = select(inbox.c.channel, func.count()).where(inbox.c.received_at >= moment).group_by(inbox.c.channel)
    sent = select(outbox.c.channel, outbox.c.state, func.count()).where(outbox.c.created_at >= moment)
    found: dict[str, dict[str, int]] = {}
    for channel, count in connection.execute(came):
        found.setdefault(channel, {})["came"] = count
    for channel, state, count in connection.execute(sent.group_by(outbox.c.channel, outbox.c.state)):
        found.setdefault(channel, {})[state] = count
    return found
