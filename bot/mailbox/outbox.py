"""The outbox: sent in order for each person, with bounded retries, and followed until the provider's receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.engine import Connection

from bot.mailbox import signals
from bot.mailbox.tables import outbox
from bot.messages import Parcel, Receipt

TRIES = 8
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
_OPEN = ("waiting", "sending")
LEASE = timedelta(seconds=60)
"""How long a message may be in the sending: three times what a gateway is given to answer. After that whoever was
sending it has died, and anybody takes it up again."""

# Put together once: that takes longer than the database takes to answer.
_earlier = outbox.alias("earlier")
_is_earlier = (_earlier.c.address_hash == outbox.c.address_hash) & (_earlier.c.channel == outbox.c.channel)
_DUE = (
    select(outbox)
    .where(outbox.c.state.in_(_OPEN), outbox.c.next_try_at <= bindparam("now"))
    .where(outbox.c.channel.in_(bindparam("channels", expanding=True)))
    .where(~exists().where(_is_earlier, _earlier.c.id < outbox.c.id, _earlier.c.state.in_(_OPEN)))
    .order_by(outbox.c.id)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Outgoing:
    """A message to send."""

    id: int
    channel: str
    address: str
    parcel: Parcel
    tries: int


def put(
    connection: Connection,
    channel: str,
    address: str,
    parcels: Iterable[Parcel],
    now: datetime,
    inbox_id: int | None = None,
) -> list[int]:
    """Add messages, in their order, in the caller's transaction; return their ids."""
    ids = []
    for parcel in parcels:
        values = {
            "inbox_id": inbox_id,
            "channel": channel,
            "address_hash": address,
            "address": address,
            "content": parcel.to_json(),
            "created_at": now,
            "next_try_at": now,
        }
        ids.append(int(connection.execute(insert(outbox).values(**values)).inserted_primary_key[0]))
        signals.announce(connection, signals.OUTBOX)
    return ids


def claim(connection: Connection, channels: Iterable[str], now: datetime, limit: int) -> list[Outgoing]:
    """Return messages that may be sent now, marked as being sent: for each person only the first one still open.

    Also those whose sender died. Whether the provider had taken such a one cannot be known: nothing is lost, at the
    price that one may come twice when a process dies between the provider's answer and the note of it.
    """
    rows = connection.execute(_DUE.limit(limit), {"now": now, "channels": tuple(channels)}).all()
    taken = {"state": "sending", "next_try_at": now + LEASE}
    if rows:
        connection.execute(update(outbox).where(outbox.c.id.in_([row.id for row in rows])).values(**taken))
    return [Outgoing(row.id, row.channel, row.address, Parcel.from_json(row.content), row.tries) for row in rows]


def sent(connection: Connection, message: Outgoing, provider_id: str | None) -> None:
    """Note that the provider has taken ``message``."""
    _set(connection, message, state="sent", provider_id=provider_id)


def retry(connection: Connection, message: Outgoing, now: datetime, wait: timedelta | None, detail: str) -> bool:
    """Try again later, after the provider's own ``wait`` where it named one; tell whether that was given up."""
    if message.tries >= TRIES:
        failed(connection, message, detail)
        return True
    wait = wait or min(_FIRST_WAIT * 2**message.tries, _LONGEST_WAIT)
    _set(connection, message, state="waiting", next_try_at=now + wait, detail=detail[:80])
    return False


def failed(connection: Connection, message: Outgoing, detail: str) -> None:
    """Give ``message`` up."""
    _set(connection, message, state="failed", detail=detail[:80])


def received(connection: Connection, receipt: Receipt) -> bool:
    """Note what a receipt says; tell whether it was about a message of ours. A delivery is not undone."""
    own = (outbox.c.channel == receipt.channel) & (outbox.c.provider_id == receipt.provider_id)
    state = "delivered" if receipt.delivered else "failed"
    change = update(outbox).where(own, outbox.c.state != "delivered").values(state=state, detail=receipt.detail[:80])
    return bool(connection.execute(change).rowcount)


def _set(connection: Connection, message: Outgoing, **values: Any) -> None:
    connection.execute(update(outbox).where(outbox.c.id == message.id).values(tries=message.tries + 1, **values))
