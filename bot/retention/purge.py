"""Deletes what is older than it may be, in every table that has a period (`holdings.py`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.alerts.tables import alert
from bot.conversation.tables import conversation_state
from bot.messaging.tables import inbox, outbox
from bot.records.access import identities
from bot.records.access.tables import former_identity, guess, link_code
from bot.records.enums import TrainingState
from bot.records.sessions.tables import calendar_entry
from bot.records.staff import kept_forms, signing_in
from bot.records.staff.tables import kept_form, staff_session, staff_try
from bot.records.tables import audit_entry
from bot.review import review_queue
from bot.review.tables import feedback, question_stat
from bot.training import proposals
from bot.training.tables import training


@dataclass(frozen=True)
class Periods:
    """How long things are kept."""

    messages: timedelta = timedelta(days=30)
    """Messages, the state of conversations, questions kept for staff, proposals that came to nothing."""
    alerts: timedelta = timedelta(days=365)
    """Alerts after they were dealt with, and where somebody was linked before."""
    audit: timedelta = timedelta(days=730)
    """The audit trail, figures of what was asked and whether it helped, trainings that have ended."""


def purge_expired(connection: Connection, now: datetime, periods: Periods) -> dict[str, int]:
    """Delete what has expired, in the caller's transaction; return how many rows of each table that were.

    Also what still waits is deleted once it is older than messages are kept: a gateway that it came by may be gone,
    and an answer after so long would be read by anybody.
    """
    counts = {table.name: _delete(connection, table, old) for table, old in _expired(now, periods)}
    counts["question"] = review_queue.purge_expired(connection, now - periods.messages)
    counts["proposal"] = proposals.purge_expired(connection, now - periods.messages)
    counts["channel_identity"] = identities.end_visits(connection, now)
    return {name: count for name, count in counts.items() if count}


def _expired(now: datetime, periods: Periods) -> list[tuple[Table, "ColumnElement[Any]"]]:
    messages, alerts, audit = now - periods.messages, now - periods.alerts, now - periods.audit
    of_use = select(func.max(training.c.id)).where(training.c.state == TrainingState.ACCEPTED.value).scalar_subquery()
    ended = training.c.open.is_(None) & (training.c.id != func.coalesce(of_use, 0))
    return [
        (outbox, outbox.c.created_at < messages),
        (inbox, inbox.c.received_at < messages),
        (conversation_state, conversation_state.c.updated_at < messages),
        (alert, alert.c.closed_at < alerts),
        # What is found by an address must be found for as long as anything under it is kept.
        (former_identity, former_identity.c.unlinked_at < min(messages, alerts)),
        (guess, guess.c.at < messages),
        (feedback, feedback.c.at < audit),
        (question_stat, question_stat.c.week < audit.date()),
        (audit_entry, audit_entry.c.at < audit),
        (training, ended & (training.c.finished_at < audit)),
        (link_code, link_code.c.expires_at < now),
        (calendar_entry, calendar_entry.c.ends_at < now),
        (staff_session, staff_session.c.expires_at < now),
        (staff_try, staff_try.c.at < now - signing_in.FORGOTTEN),
        (kept_form, kept_form.c.kept_at < now - kept_forms.LIFE),
    ]


def _delete(connection: Connection, table: Table, old: "ColumnElement[Any]") -> int:
    return int(connection.execute(delete(table).where(old)).rowcount)
