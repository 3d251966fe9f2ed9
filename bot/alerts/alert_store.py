"""What staff must hear of: stored in the transaction of whatever made it so."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, insert, select, type_coerce, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from bot.alerts import duty_texts, screens
from bot.alerts.screens import ScreenLocation
from bot.alerts.tables import alert, alert_step
from bot.database.columns import keyring_of
from bot.database.keyring import KeyringError
from bot.messages import SMS_GATEWAYS, Address, AddressKind, Origin

logger = logging.getLogger(__name__)

SCREEN = "screen"
"""The channel of whatever is typed at a page instead of being sent."""
TOGETHER = timedelta(minutes=10)
"""Messages of strangers at one screen, no further apart than this, are one alert: each visit is another address."""
MOST_UNKNOWN = 20
"""So many alerts of screens that are not known may be open; what comes then is counted with the latest of them."""


def put(
    connection: Connection,
    topic: str,
    address: Address | None,
    raised_at: datetime,
    participant_id: int | None = None,
    *,
    origin: Origin | None = None,
    gateway: str = "",
) -> None:
    """Raise an alert, unless one that waits for somebody to take it on is about the same: then that one counts it.

    What somebody in danger goes on to say would else bury the alerts of others, and text the duty phones each time.

    Args:
        connection: a writing transaction.
        topic: what the alert is about.
        address: whose message raised it; None where it is about a ``gateway``.
        raised_at: when that message came.
        participant_id: whose address that is, where it is known.
        origin: where the message was typed, at a kiosk.
        gateway: the name of the channel that is out of order.
    """
    origin, channel = origin or Origin(), address.kind.value if address else gateway
    screen = screens.known(connection, origin.device) if channel == SCREEN else None
    waiting = _waiting(connection, topic, channel)
    same = next((row for row in waiting if _address(connection, row) == address), None)
    if same is None and channel == SCREEN and participant_id is None:
        same = _of_the_same_screen(connection, waiting, screen, origin, raised_at)
    if same is not None:
        _count(connection, same, raised_at)
        return
    values: dict[str, Any] = {"topic": topic, "channel": channel, "raised_at": raised_at}
    values["address"] = _stored(address)
    if screen is not None:
        values |= {"office_id": screen.office_id, "screen": screen.name}
    elif origin.client:
        values["client"] = origin.client
    connection.execute(insert(alert).values(participant_id=participant_id, **values))


def _waiting(connection: Connection, topic: str, channel: str) -> Sequence[Row]:
    """Return the alerts that wait, as they are stored: one that cannot be read must not keep another from coming."""
    stored = (type_coerce(alert.c.address, LargeBinary), type_coerce(alert.c.client, LargeBinary).label("client"))
    own = (alert.c.id, alert.c.participant_id, alert.c.office_id, alert.c.screen, alert.c.raised_at, alert.c.last_at)
    query = select(*own, stored[0].label("address"), stored[1], alert.c.messages, alert.c.channel)
    # Alerts of text messages used to be stored with the name of their gateway.
    channels = {channel, *SMS_GATEWAYS} if channel == AddressKind.SMS else {channel}
    alike = (alert.c.topic == topic) & alert.c.channel.in_(channels) & alert.c.acknowledged_at.is_(None)
    rows: Sequence[Row] = connection.execute(query.where(alike).order_by(alert.c.id)).all()
    return rows


def _of_the_same_screen(
    connection: Connection, waiting: Sequence[Row], screen: ScreenLocation | None, origin: Origin, now: datetime
) -> Row | None:
    """Return the alert that strangers at the same screen have raised a little while ago."""
    strangers = [row for row in waiting if row.participant_id is None]
    recent = [row for row in strangers if now - (row.last_at or row.raised_at) <= TOGETHER]
    if screen is not None:
        of_it = [row for row in recent if (row.office_id, row.screen) == (screen.office_id, screen.name)]
        return of_it[-1] if of_it else None
    unknown = [row for row in strangers if not row.screen]
    if origin.client:
        alike = [row for row in recent if not row.screen and _read(connection, row.client) == origin.client]
        if alike:
            return alike[-1]
    return unknown[-1] if len(unknown) >= MOST_UNKNOWN else None


def _count(connection: Connection, row: Row, at: datetime) -> None:
    latest = max(at, row.last_at or row.raised_at)
    own = update(alert).where(alert.c.id == row.id)
    connection.execute(own.values(messages=alert.c.messages + 1, last_at=latest))


def _stored(address: Address | None) -> str:
    """Return what the address column holds, beside the channel."""
    if address is None:
        return ""
    return str(address) if address.kind is AddressKind.KIOSK else address.value


def _address(connection: Connection, row: Row) -> Address | None:
    """Return the address of an alert; None where it has none, or none that this key opens."""
    stored = _read(connection, row.address)
    return Address.on(row.channel, stored) if stored else None


def _read(connection: Connection, stored: bytes | None) -> str | None:
    """Decrypt; None where there is nothing, or nothing that this key opens."""
    if stored is None:
        return None
    try:
        return str(keyring_of(connection.dialect).decrypt(bytes(stored)))
    except KeyringError:
        return None


@dataclass(frozen=True)
class Alert:
    """An alert as staff see it."""

    id: int
    topic: str
    channel: str
    address: Address | None
    """None where the alert is about a gateway, and where the address is ``unreadable``."""
    participant_id: int | None
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    """Who looks after it."""
    first_called_at: datetime | None = None
    """When the first duty phone was texted about it, and then all of them."""
    second_called_at: datetime | None = None
    reopened_at: datetime | None = None
    last_at: datetime | None = None
    """When the latest message came that it stands for, where there is more than one."""
    messages: int = 1
    office_id: int | None = None
    """Where the screen stands, if it is a known one."""
    screen: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str | None = None
    unreadable: bool = False
    """Whether the address was encrypted with a key that is not known any more."""

    @property
    def waits_since(self) -> datetime:
        """Since when it waits, or waited, for somebody to take it on."""
        return self.reopened_at or self.raised_at

    @property
    def waits(self) -> bool:
        """Whether nobody has taken it on."""
        return self.acknowledged_at is None


_SHOWN = [c for c in alert.c if c.name not in ("address", "client")]


def listed(connection: Connection, since: datetime) -> list[Alert]:
    """Return every alert that is not closed, and those closed ``since``; the oldest first."""
    return _found(connection, alert.c.closed_at.is_(None) | (alert.c.closed_at >= since))


def find(connection: Connection, alert_id: int) -> Alert | None:
    """Return one alert; None where there is none."""
    return next(iter(_found(connection, alert.c.id == alert_id)), None)


def _found(connection: Connection, wanted: "ColumnElement[Any]") -> list[Alert]:
    query = select(*_SHOWN, type_coerce(alert.c.address, LargeBinary).label("address")).where(wanted)
    rows = connection.execute(query.order_by(alert.c.raised_at, alert.c.id)).all()
    return [_alert(connection, row) for row in rows]


def _alert(connection: Connection, row: Row) -> Alert:
    unreadable = _read(connection, row.address) is None
    if unreadable:
        logger.error("the address of alert %d cannot be read with this key", row.id)
    return Alert(**{**row._mapping, "address": _address(connection, row), "unreadable": unreadable})


def acknowledge(connection: Connection, alert_id: int, actor: str, now: datetime) -> bool:
    """Note who has taken an alert on, and tell whether nobody had before: whoever was first stays.

    What was still to be said to the duty phones is not said any more.
    """
    own = (alert.c.id == alert_id) & alert.c.acknowledged_at.is_(None)
    if not connection.execute(update(alert).where(own).values(acknowledged_at=now, acknowledged_by=actor)).rowcount:
        return False
    connection.execute(insert(alert_step).values(alert_id=alert_id, at=now, actor=actor, action="taken_on"))
    duty_texts.withdraw(connection, alert_id)
    return True
