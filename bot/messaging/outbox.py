"""The outbox: sent in order for each person, with bounded retries, and followed until the provider's receipt."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.database.columns import readable
from bot.database.keyring import KeyringError
from bot.messages import Address, OutboundMessage, Receipt
from bot.messaging import postgres_listener
from bot.messaging.tables import outbox

logger = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
KEPT_FOR = timedelta(hours=6)
"""How long a reply is tried: one that comes the next day answers a question that nobody remembers."""
URGENT_KEPT_FOR = timedelta(hours=24)
"""How long what is about a danger is tried."""
EXPIRED = "expired"
"""Why a message failed that the provider never took, however often it was tried."""
_OPEN = ("waiting", "sending")
LEASE = timedelta(seconds=60)
"""How long a message may be in the sending: three times what a gateway is given to answer. After that whoever was
sending it has died, and anybody takes it up again."""

# Put together once: that takes longer than the database takes to answer.
_earlier = outbox.alias("earlier")
_is_earlier = (_earlier.c.address_hash == outbox.c.address_hash) & (_earlier.c.channel == outbox.c.channel)
_holds_up = _earlier.c.urgent | ~outbox.c.urgent
_DUE = (
    select(outbox.c.id, outbox.c.tries)  # nothing encrypted: a row that cannot be read harms only itself
    .where(outbox.c.state.in_(_OPEN), outbox.c.next_try_at <= bindparam("now"))
    .where(outbox.c.channel == bindparam("channel"))
    .where(~exists().where(_is_earlier & _holds_up & (_earlier.c.id < outbox.c.id) & _earlier.c.state.in_(_OPEN)))
    .order_by(outbox.c.urgent.desc(), outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CONTENT = select(outbox.c.address, outbox.c.content, outbox.c.urgent, outbox.c.created_at).where(
    outbox.c.id == bindparam("own")
)
_OWN = update(outbox).where(outbox.c.id == bindparam("own"))
_TAKEN = update(outbox).where(outbox.c.id.in_(bindparam("taken", expanding=True)))
_PUT = insert(outbox)


@dataclass(frozen=True)
class Outgoing:
    """A message to send."""

    id: int
    channel: str
    address: Address
    outbound: OutboundMessage
    tries: int
    urgent: bool
    created_at: datetime


def put(
    connection: Connection,
    channel: str,
    address: Address,
    messages: Iterable[OutboundMessage],
    now: datetime,
    inbox_id: int | None = None,
    *,
    urgent: bool = False,
) -> list[int]:
    """Add messages, in their order, in the caller's transaction; return their ids.

    ``urgent``: they are about a danger, go before all others, and are tried longer.
    """
    ids = []
    for outbound in messages:
        values = {
            "inbox_id": inbox_id,
            "channel": channel,
            "address_hash": address.value,
            "address": address.value,
            "content": outbound.to_json(),
            "urgent": urgent,
            "created_at": now,
            "next_try_at": now,
        }
        ids.append(int(connection.execute(_PUT, values).inserted_primary_key[0]))
        postgres_listener.notify(connection, postgres_listener.OUTBOX)
    return ids


def claim(connection: Connection, channels: Iterable[str], now: datetime, limit: int) -> list[Outgoing]:
    """Return at most ``limit`` messages of each channel that may be sent now, marked as being sent.

    For each person only the first one still open; what is urgent waits for nothing but what is urgent too.

    Also those whose sender died. Whether the provider had taken such a one cannot be known: nothing is lost, at the
    price that one may come twice when a process dies between the provider's answer and the note of it.
    """
    found: list[Outgoing] = []
    for channel in channels:
        rows = connection.execute(_DUE, {"now": now, "channel": channel, "limit": limit}).all()
        if rows:
            taken = [row.id for row in rows]
            connection.execute(_TAKEN, {"taken": taken, "state": "sending", "next_try_at": now + LEASE})
        found += [message for row in rows if (message := _read(connection, row.id, channel, row.tries))]
    return found


def _read(connection: Connection, id_: int, channel: str, tries: int) -> Outgoing | None:
    """Return a message; None for one that cannot be read, which is given up."""
    try:
        row = connection.execute(_CONTENT, {"own": id_}).one()
        address, content = readable(row.address), readable(row.content)
        to, outbound = Address.on(channel, str(address)), OutboundMessage.from_json(str(content))
        return Outgoing(id_, channel, to, outbound, tries, row.urgent, row.created_at)
    except (KeyringError, ValueError, KeyError, TypeError):
        logger.critical("message %d of the outbox cannot be read: it is given up, and staff have to be told", id_)
        connection.execute(_OWN, {"own": id_, "state": "failed", "detail": "unreadable"})
        return None


def sent(connection: Connection, message: Outgoing, provider_id: str | None) -> None:
    """Note that the provider has taken ``message``."""
    _set(connection, message, state="sent", provider_id=provider_id)


def retry(connection: Connection, message: Outgoing, now: datetime, wait: timedelta | None, detail: str) -> bool:
    """Try again later, after the provider's own ``wait`` where it named one; tell whether that was given up.

    The waits grow to ten minutes, and a message is given up by its age: a provider may be away for hours.
    """
    wait = wait or min(_FIRST_WAIT * 2 ** min(message.tries, 10), _LONGEST_WAIT)
    if now + wait >= message.created_at + (URGENT_KEPT_FOR if message.urgent else KEPT_FOR):
        failed(connection, message, f"{EXPIRED}: {detail}")
        return True
    _set(connection, message, state="waiting", next_try_at=now + wait, detail=detail[:80])
    return False


def hurry(connection: Connection, channel: str, now: datetime) -> int:
    """Have what waits for ``channel``, which takes messages again, tried now; return how many those are."""
    waits = (outbox.c.channel == channel) & (outbox.c.state == "waiting") & (outbox.c.next_try_at > now)
    return int(connection.execute(update(outbox).where(waits).values(next_try_at=now)).rowcount)


def oldest_urgent(connection: Connection, channels: Iterable[str]) -> datetime | None:
    """Return since when the oldest message about a danger has been waiting to be sent."""
    waits = outbox.c.urgent & outbox.c.state.in_(_OPEN) & outbox.c.channel.in_(tuple(channels))
    since: datetime | None = connection.execute(select(func.min(outbox.c.created_at)).where(waits)).scalar()
    return since


def failed(connection: Connection, message: Outgoing, detail: str) -> None:
    """Give ``message`` up."""
    _set(connection, message, state="failed", detail=detail[:80])


def received(connection: Connection, receipt: Receipt) -> bool:
    """Note what a receipt says; tell whether it was about a message of ours. A delivery is not undone."""
    own = (outbox.c.channel == receipt.channel) & (outbox.c.provider_id == receipt.provider_id)
    state = "delivered" if receipt.delivered else "failed"
    change = update(outbox).where(own, outbox.c.state != "delivered").values(state=state, detail=receipt.detail[:80])
    return bool(connection.execute(change).rowcount)


def danger_not_delivered(connection: Connection, receipt: Receipt) -> tuple[int, str, Address] | None:
    """Return id, channel and address of a message about a danger that ``receipt`` says has failed; else None."""
    own = (outbox.c.channel == receipt.channel) & (outbox.c.provider_id == receipt.provider_id)
    query = select(outbox.c.id, outbox.c.channel, outbox.c.address).where(own, outbox.c.urgent)
    row = connection.execute(query.where(outbox.c.state == "failed")).first()
    return (row.id, row.channel, Address.on(row.channel, row.address)) if row else None


def _set(connection: Connection, message: Outgoing, **values: Any) -> None:
    connection.execute(_OWN, {"own": message.id, "tries": message.tries + 1, **values})
