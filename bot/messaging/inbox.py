"""The inbox: stored once, handled in order for each person, set aside when it cannot be handled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.engine import Connection

from bot.database.columns import readable
from bot.database.conflict_insert import ConflictInsert
from bot.messages import Address, Arrival
from bot.messaging import postgres_listener
from bot.messaging.tables import inbox

TRIES = 3
"""After so many failures a message is set aside: the next one of that person goes on."""
STOP_TRIES = 100
"""After so many, where somebody asked not to be written to: that is not to be passed over."""
_WAITS = (timedelta(0), timedelta(seconds=1), timedelta(seconds=5))
LEASE = timedelta(seconds=15)
"""How long a message may be in hand: longer than handling it may take. After that whoever had it has died or hangs,
and anybody takes it up again."""

# Put together once: that takes longer than the database takes to answer.
_earlier = inbox.alias("earlier")
_is_earlier = (_earlier.c.address_hash == inbox.c.address_hash) & (
    (_earlier.c.sequence < inbox.c.sequence)
    | ((_earlier.c.sequence == inbox.c.sequence) & (_earlier.c.id < inbox.c.id))
)
_channels: Any = bindparam("channels", expanding=True)
# What somebody in danger says does not wait for the answer to what they said before. And nothing waits for what came by
# a channel that is not set up any more.
_holds_up = (_earlier.c.urgent | ~inbox.c.urgent) & (_earlier.c.state == "waiting") & _earlier.c.channel.in_(_channels)
_NEXT = (
    select(inbox.c.id, inbox.c.channel, inbox.c.tries)  # nothing encrypted: a row that cannot be read harms only itself
    .where(inbox.c.state == "waiting", inbox.c.next_try_at <= bindparam("now"))
    .where(inbox.c.channel.in_(_channels))
    .where(~exists().where(_is_earlier & _holds_up))
    .order_by(inbox.c.urgent.desc(), inbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_OWN = (inbox.c.id == bindparam("own")) & (inbox.c.tries == bindparam("try")) & (inbox.c.state == "waiting")
_TAKEN = (
    update(inbox).where(inbox.c.id == bindparam("own")).values(tries=bindparam("try"), next_try_at=bindparam("until"))
)
_FINISHED = update(inbox).where(_OWN)
_STORED = ConflictInsert(
    inbox,
    (
        "channel",
        "provider_id",
        "address_hash",
        "address",
        "text",
        "public",
        "urgent",
        "sequence",
        "received_at",
        "next_try_at",
    ),
    lambda insert: insert.on_conflict_do_nothing(index_elements=["channel", "provider_id"]),
)
_ADDRESS = select(inbox.c.address).where(inbox.c.id == bindparam("own"))
_WHOLE = select(inbox.c.address, inbox.c.provider_id, inbox.c.text, inbox.c.received_at, inbox.c.public).where(
    inbox.c.id == bindparam("own")
)


class LostError(Exception):
    """A message is not in one's own hand any more: it took too long, or it is gone."""


@dataclass(frozen=True)
class Claimed:
    """A message in hand, before anything of it has been read."""

    id: int
    channel: str
    tries: int
    """How often it was begun, this time included: the number of one's own try."""


@dataclass(frozen=True)
class InboxRow:
    """A message to be handled."""

    id: int
    channel: str
    provider_id: str
    address: Address
    text: str | None
    received_at: datetime
    public: bool


def store(connection: Connection, arrival: Arrival, now: datetime, *, urgent: bool = False) -> bool:
    """Keep ``arrival``; tell whether it was new. The same provider id again is the same message.

    ``urgent``: it plainly says that a life or a child is at risk.
    """
    values: Mapping[str, Any] = {
        "channel": arrival.channel,
        "provider_id": arrival.provider_id,
        "address_hash": arrival.address.value,
        "address": arrival.address.value,
        "text": arrival.text,
        "public": arrival.public,
        "urgent": urgent,
        "sequence": arrival.order if arrival.order is not None else int(now.timestamp() * 1_000_000),
        "received_at": now,
        "next_try_at": now,
    }
    new = bool(_STORED.execute(connection, values).rowcount)
    if new:
        postgres_listener.notify(connection, postgres_listener.INBOX)
    return new


def counts(connection: Connection) -> dict[str, int]:
    """Return how many messages are in which state."""
    rows = connection.execute(select(inbox.c.state, func.count().label("number")).group_by(inbox.c.state))
    return {row.state: row.number for row in rows}


def claim(connection: Connection, channels: Iterable[str], now: datetime) -> Claimed | None:
    """Take the next message that may be handled now in hand for :data:`LEASE`; None where there is none.

    What is urgent comes first, then the oldest. What came by a channel that is not set up any more waits until it is.

    A person's later message waits for the earlier one, in the provider's order where it has one: also where another
    worker has that one in hand.
    """
    row = connection.execute(_NEXT, {"now": now, "channels": tuple(channels)}).first()
    if row is None:
        return None
    connection.execute(_TAKEN, {"own": row.id, "try": row.tries + 1, "until": now + LEASE})
    return Claimed(row.id, row.channel, row.tries + 1)


def address(connection: Connection, message: Claimed) -> Address:
    """Return whose ``message`` is; raise KeyringError where that cannot be read."""
    return Address.on(message.channel, str(readable(connection.execute(_ADDRESS, {"own": message.id}).scalar_one())))


def read(connection: Connection, message: Claimed) -> InboxRow:
    """Return all of ``message``; raise KeyringError where it cannot be read."""
    row = connection.execute(_WHOLE, {"own": message.id}).one()
    sender = Address.on(message.channel, str(readable(row.address)))
    text = readable(row.text)
    return InboxRow(message.id, message.channel, row.provider_id, sender, text, row.received_at, row.public)


def done(connection: Connection, message: Claimed, *, redact: bool, throttled: bool = False) -> None:
    """Mark ``message`` as handled, or as ``throttled``; ``redact`` takes its text away, where it held a secret.

    Raise LostError where it is not in this hand any more: nothing of this transaction may then be kept.
    """
    values: dict[str, Any] = {"state": "throttled" if throttled else "done"}
    _finish(connection, message, values | ({"text": None} if redact else {}))


def dead_letter(connection: Connection, message: Claimed, *, redact: bool = False) -> None:
    """Try ``message`` no more, so that the next one of that person goes on; raise LostError like :func:`done`."""
    _finish(connection, message, {"state": "set_aside"} | ({"text": None} if redact else {}))


def again(connection: Connection, message: Claimed, now: datetime) -> None:
    """Have ``message``, which failed, tried again a little later; raise LostError like :func:`done`."""
    _finish(connection, message, {"next_try_at": now + _WAITS[min(message.tries, len(_WAITS) - 1)]})


def oldest(connection: Connection, channels: Iterable[str]) -> datetime | None:
    """Return when the message came that has waited longest for an answer."""
    waits = (inbox.c.state == "waiting") & inbox.c.channel.in_(tuple(channels))
    since: datetime | None = connection.execute(select(func.min(inbox.c.received_at)).where(waits)).scalar()
    return since


def _finish(connection: Connection, message: Claimed, values: Mapping[str, Any]) -> None:
    if not connection.execute(_FINISHED, {"own": message.id, "try": message.tries, **values}).rowcount:
        raise LostError(f"message {message.id} is not in this hand any more")
