"""The inbox: stored once, handled in order for each person, set aside when it cannot be handled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.mailbox import signals
from bot.mailbox.tables import inbox
from bot.messages import Arrival

TRIES = 3
"""After so many failures a message is set aside: the next one of that person goes on."""
_WAITS = (timedelta(0), timedelta(seconds=1), timedelta(seconds=5))

# Put together once: that takes longer than the database takes to answer.
_earlier = inbox.alias("earlier")
_is_earlier = (_earlier.c.address_hash == inbox.c.address_hash) & (
    (_earlier.c.rank < inbox.c.rank) | ((_earlier.c.rank == inbox.c.rank) & (_earlier.c.id < inbox.c.id))
)
_NEXT = (
    select(inbox)
    .where(inbox.c.state == "waiting", inbox.c.next_try_at <= bindparam("now"))
    .where(inbox.c.channel.in_(bindparam("channels", expanding=True)))
    .where(~exists().where(_is_earlier, _earlier.c.state == "waiting"))
    .order_by(inbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Waiting:
    """A message to be handled."""

    id: int
    channel: str
    provider_id: str
    address: str
    text: str | None
    received_at: datetime
    tries: int
    public: bool


def store(connection: Connection, arrival: Arrival, now: datetime) -> bool:
    """Keep ``arrival``; tell whether it was new. The same provider id again is the same message."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values: Mapping[str, Any] = {
        "channel": arrival.channel,
        "provider_id": arrival.provider_id,
        "address_hash": arrival.address,
        "address": arrival.address,
        "text": arrival.text,
        "public": arrival.public,
        "rank": arrival.order if arrival.order is not None else int(now.timestamp() * 1_000_000),
        "received_at": now,
        "next_try_at": now,
    }
    statement = dialect.insert(inbox).values(**values).on_conflict_do_nothing(index_elements=["channel", "provider_id"])
    new = bool(connection.execute(statement).rowcount)
    if new:
        signals.announce(connection, signals.INBOX)
    return new


def counts(connection: Connection) -> dict[str, int]:
    """Return how many messages are in which state."""
    return dict(connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())


def claim(connection: Connection, channels: Iterable[str], now: datetime) -> Waiting | None:
    """Return the oldest message that may be handled now, locked until the transaction ends; None where there is none.

    What came by a channel that is not set up any more waits until it is.

    A person's later message waits for the earlier one, in the provider's order where it has one: also where another
    worker has that one in hand.
    """
    row = connection.execute(_NEXT, {"now": now, "channels": tuple(channels)}).first()
    if row is None:
        return None
    return Waiting(row.id, row.channel, row.provider_id, row.address, row.text, row.received_at, row.tries, row.public)


def done(connection: Connection, message: Waiting, *, blank: bool, throttled: bool = False) -> None:
    """Mark ``message`` as handled, or as ``throttled``; ``blank`` takes its text away, where it held a secret."""
    values: dict[str, Any] = {"state": "throttled" if throttled else "done", "tries": message.tries + 1}
    if blank:
        values["text"] = None
    connection.execute(update(inbox).where(inbox.c.id == message.id).values(**values))


def failed(connection: Connection, message: Waiting, now: datetime) -> bool:
    """Note that handling ``message`` failed; tell whether it is set aside now."""
    tries = message.tries + 1
    aside = tries >= TRIES
    values = {
        "tries": tries,
        "state": "set_aside" if aside else "waiting",
        "next_try_at": now + _WAITS[min(tries, len(_WAITS) - 1)],
    }
    connection.execute(update(inbox).where(inbox.c.id == message.id).values(**values))
    return aside
