"""Alerts that nobody takes on: the duty phones are texted, twice an alert at most and once for several together.

The text goes into the outbox in the transaction that notes it on the alert: it is as durable as an answer, and neither
a restart nor another process repeats it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, insert, or_, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.alerts.tables import alert, duty_text
from bot.messages import Address, OutboundMessage
from bot.messaging import outbox
from bot.messaging.tables import outbox as outbox_table

MIN_INTERVAL = timedelta(minutes=1)
"""The shortest time between two texts. Alerts that become overdue meanwhile share the next text."""
_WAITS_SINCE = func.coalesce(alert.c.reopened_at, alert.c.raised_at)
_LOCK = 4_601_322_518
"""The id of the PostgreSQL advisory lock that lets one process at a time escalate alerts."""


@dataclass(frozen=True)
class EscalationPolicy:
    """Whom to tell of an alert that waits, when, and how."""

    channel: str
    """The gateway for text messages."""
    phones: tuple[str, ...]
    """In E.164, in the order in which they are tried; at least one."""
    words: str
    """One text message of the GSM alphabet that says nothing of anybody."""
    overdue: timedelta
    """How long an alert may wait before the first phone is texted."""
    again: timedelta
    """How long after that before all of them are."""


@dataclass(frozen=True)
class EscalatedAlert:
    """An alert that the duty phones have just been texted about."""

    alert_id: int
    participant_id: int | None
    call: int
    """1: the first phone; 2: all of them."""


@dataclass(frozen=True)
class EscalationStatus:
    """The delivery of the texts of the latest call about an alert, as counts of texts."""

    call: int
    sent: int
    """Taken by the gateway, or delivered."""
    failed: int
    waiting: int


def escalate_due(connection: Connection, policy: EscalationPolicy, now: datetime) -> list[EscalatedAlert]:
    """Put the texts that are due into the outbox, and return the alerts that they are about.

    One text is about all alerts that are due. A process that escalates has the others wait until it commits.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = _last(connection)
    if last is not None and now < last + MIN_INTERVAL:
        return []
    second = _due(connection, _waits_for_second(policy, now))
    due = [*_due(connection, _waits_for_first(policy, now)), *second]
    if not due:
        return []
    outbound = [OutboundMessage(policy.words)]
    phones = policy.phones if second else policy.phones[:1]
    texts = [
        outbox.put(connection, policy.channel, Address.sms(phone), outbound, now, urgent=True)[0] for phone in phones
    ]
    for one in due:
        _note(connection, one, texts if one.call == 2 else texts[:1], now)
    return due


def next_moment(connection: Connection, policy: EscalationPolicy) -> datetime | None:
    """Return when the next text is due as things stand, which may be past; None where no open alert waits for one."""
    open_ = alert.c.acknowledged_at.is_(None)
    first = select(func.min(_WAITS_SINCE)).where(open_, alert.c.first_called_at.is_(None))
    second = select(func.min(alert.c.first_called_at)).where(open_, alert.c.second_called_at.is_(None))
    waits = ((first, policy.overdue), (second, policy.again))
    found = [(connection.execute(query).scalar(), wait) for query, wait in waits]
    moments: list[datetime] = [since + wait for since, wait in found if since is not None]
    if not moments:
        return None
    last = _last(connection)
    return max(min(moments), last + MIN_INTERVAL) if last else min(moments)


def escalation_status(connection: Connection, alert_ids: Sequence[int]) -> dict[int, EscalationStatus]:
    """Return for each of these alerts that the phones were texted about how its latest call went.

    Texts that are older than messages are kept are not counted any more.
    """
    query = select(duty_text.c.alert_id, duty_text.c.call, outbox_table.c.state, func.count())
    query = query.join(outbox_table, outbox_table.c.id == duty_text.c.outbox_id)
    query = query.where(duty_text.c.alert_id.in_(alert_ids))
    states: dict[tuple[int, int], dict[str, int]] = {}
    for alert_id, call_, state, count in connection.execute(
        query.group_by(duty_text.c.alert_id, duty_text.c.call, outbox_table.c.state)
    ):
        states.setdefault((alert_id, call_), {})[state] = count
    return {alert_id: _status(call_, found) for (alert_id, call_), found in sorted(states.items())}


def _last(connection: Connection) -> datetime | None:
    """Return when the phones were texted last."""
    columns = (alert.c.first_called_at, alert.c.second_called_at)
    found = [connection.execute(select(func.max(column))).scalar() for column in columns]
    return max((moment for moment in found if moment is not None), default=None)


def _waits_for_first(policy: EscalationPolicy, now: datetime) -> "ColumnElement[Any]":
    return and_(alert.c.first_called_at.is_(None), now - policy.overdue >= _WAITS_SINCE)


def _waits_for_second(policy: EscalationPolicy, now: datetime) -> "ColumnElement[Any]":
    in_time = alert.c.first_called_at <= now - policy.again
    if len(policy.phones) > 1:  # where the first phone could not be reached, the others do not wait
        reached = duty_text.join(outbox_table, outbox_table.c.id == duty_text.c.outbox_id)
        failed = exists(
            select(duty_text.c.alert_id)
            .select_from(reached)
            .where(duty_text.c.alert_id == alert.c.id, outbox_table.c.state == "failed")
        )
        in_time = or_(in_time, failed)
    return and_(alert.c.first_called_at.is_not(None), alert.c.second_called_at.is_(None), in_time)


def _due(connection: Connection, condition: "ColumnElement[Any]") -> list[EscalatedAlert]:
    query = select(alert.c.id, alert.c.participant_id, alert.c.first_called_at)
    # Locked, and looked at again, where somebody is taking it on at this moment.
    query = query.where(alert.c.acknowledged_at.is_(None), condition).order_by(alert.c.id).with_for_update(of=alert)
    rows = connection.execute(query).all()
    return [EscalatedAlert(row.id, row.participant_id, 2 if row.first_called_at else 1) for row in rows]


def _note(connection: Connection, escalated: EscalatedAlert, texts: Sequence[int], now: datetime) -> None:
    column = "second_called_at" if escalated.call == 2 else "first_called_at"
    connection.execute(update(alert).where(alert.c.id == escalated.alert_id).values({column: now}))
    rows = [{"alert_id": escalated.alert_id, "outbox_id": id_, "call": escalated.call} for id_ in texts]
    connection.execute(insert(duty_text), rows)


def _status(call_: int, states: dict[str, Any]) -> EscalationStatus:
    sent = states.get("sent", 0) + states.get("delivered", 0)
    failed = states.get("failed", 0)
    return EscalationStatus(call_, sent, failed, sum(states.values()) - sent - failed)
