"""What becomes of an alert once it is taken on: handed over, closed with an outcome, reopened; and its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.alerts.tables import alert, alert_step, duty_text


class Action(StrEnum):
    """What was done about an alert."""

    TAKEN_ON = "taken_on"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    REOPENED = "reopened"
    FIRST_CALL = "first_call"
    """The first duty phone was texted, before the alert was reopened."""
    SECOND_CALL = "second_call"


@dataclass(frozen=True)
class AlertStep:
    """One entry of an alert's history."""

    at: datetime
    actor: str
    action: Action
    to_actor: str | None
    outcome: str | None
    note: str | None


_IN_HAND = alert.c.acknowledged_at.is_not(None) & alert.c.closed_at.is_(None)


def history(connection: Connection, alert_id: int) -> list[AlertStep]:
    """Return what was done about an alert, in order."""
    query = select(alert_step).where(alert_step.c.alert_id == alert_id).order_by(alert_step.c.at, alert_step.c.id)
    return [
        AlertStep(row.at, row.actor, Action(row.action), row.to_actor, row.outcome, row.note)
        for row in connection.execute(query)
    ]


def hand_over(connection: Connection, alert_id: int, actor: str, to: str, note: str, now: datetime) -> bool:
    """Have ``to`` look after an alert that is taken on; False where it is not, or not any more."""
    if not _changed(connection, alert_id, _IN_HAND, {"acknowledged_by": to}):
        return False
    _note(connection, alert_id, now, actor, Action.HANDED_OVER, to_actor=to, note=note or None)
    return True


def close(connection: Connection, alert_id: int, actor: str, outcome: str, note: str, now: datetime) -> bool:
    """Close an alert that is taken on; False where it is not, or not any more."""
    values = {"closed_at": now, "closed_by": actor, "outcome": outcome}
    if not _changed(connection, alert_id, _IN_HAND, values):
        return False
    _note(connection, alert_id, now, actor, Action.CLOSED, outcome=outcome, note=note or None)
    return True


def reopen(connection: Connection, alert_id: int, actor: str, note: str, now: datetime) -> bool:
    """Have an alert wait anew, and the duty phones be texted anew; False where it waits already."""
    row = connection.execute(select(alert).where(alert.c.id == alert_id).with_for_update()).first()
    taken_on = alert.c.acknowledged_at.is_not(None)
    nothing = ("acknowledged_at", "acknowledged_by", "closed_at", "closed_by", "outcome")
    values = dict.fromkeys((*nothing, "first_called_at", "second_called_at"))
    if row is None or not _changed(connection, alert_id, taken_on, {**values, "reopened_at": now}):
        return False
    connection.execute(delete(duty_text).where(duty_text.c.alert_id == alert_id))
    for action, at in ((Action.FIRST_CALL, row.first_called_at), (Action.SECOND_CALL, row.second_called_at)):
        if at is not None:
            _note(connection, alert_id, at, "the service", action)
    _note(connection, alert_id, now, actor, Action.REOPENED, note=note or None)
    return True


def _changed(connection: Connection, alert_id: int, state: "ColumnElement[Any]", values: Mapping[str, Any]) -> bool:
    return bool(connection.execute(update(alert).where(alert.c.id == alert_id, state).values(**values)).rowcount)


def _note(connection: Connection, alert_id: int, at: datetime, actor: str, action: Action, **more: str | None) -> None:
    connection.execute(insert(alert_step).values(alert_id=alert_id, at=at, actor=actor, action=action.value, **more))
