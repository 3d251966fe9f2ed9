"""Stores whether visitors found answers helpful, and the questions whose answers were not."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from bot.records.enums import ReviewReason
from bot.review import review_queue
from bot.review.tables import feedback


def note(
    connection: Connection, now: datetime, channel: str, topic: str, helpful: bool, question: str | None = None
) -> None:
    """Store a vote on the answer on ``topic``; if it did not help, keep the question for review."""
    values = {"at": now, "channel": channel, "topic": topic, "helpful": helpful}
    connection.execute(insert(feedback).values(**values))
    if not helpful and question:
        review_queue.enqueue(connection, channel, question, topic, ReviewReason.UNHELPFUL, now)


def votes(connection: Connection, since: datetime) -> dict[str, dict[bool, int]]:
    """Return for each topic how many answers since a moment helped (True) and did not help (False)."""
    query = select(feedback.c.topic, feedback.c.helpful, func.count()).where(feedback.c.at >= since)
    found: dict[str, dict[bool, int]] = {}
    for topic, helpful, count in connection.execute(query.group_by(feedback.c.topic, feedback.c.helpful)):
        found.setdefault(topic, {})[bool(helpful)] = count
    return found
