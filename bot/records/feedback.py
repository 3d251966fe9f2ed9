"""What visitors say of answers: whether they helped, and the questions of those that did not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.records.tables import feedback

LONGEST = 500
"""Characters of a question that are kept."""


def note(
    connection: Connection, now: datetime, channel: str, topic: str, helpful: bool, question: str | None = None
) -> None:
    """Keep what was said of the answer on ``topic``."""
    values = {"at": now, "channel": channel, "topic": topic, "helpful": helpful, "question": question}
    connection.execute(insert(feedback).values(**values))


@dataclass(frozen=True)
class Question:
    """A question whose answer did not help."""

    id: int
    at: datetime
    topic: str
    text: str


def unhelpful(connection: Connection) -> list[Question]:
    """Return the questions that nobody has dealt with, the newest first."""
    query = (
        select(feedback).where(feedback.c.question.is_not(None)).order_by(feedback.c.at.desc(), feedback.c.id.desc())
    )
    return [Question(row.id, row.at, row.topic, row.question) for row in connection.execute(query)]


def sweep(connection: Connection, before: datetime) -> int:
    """Forget the questions that were asked ``before``; that their answers did not help stays counted."""
    old = (feedback.c.at < before) & feedback.c.question.is_not(None)
    return int(connection.execute(update(feedback).where(old).values(question=None)).rowcount)


def settle(connection: Connection, feedback_id: int) -> bool:
    """Forget a question that is dealt with; that its answer did not help stays counted. Tell whether it was there."""
    own = (feedback.c.id == feedback_id) & feedback.c.question.is_not(None)
    return bool(connection.execute(update(feedback).where(own).values(question=None)).rowcount)


def votes(connection: Connection, since: datetime) -> dict[str, dict[bool, int]]:
    """Return for each topic how many answers helped (True) and did not (False) since a moment."""
    query = select(feedback.c.topic, feedback.c.helpful, func.count()).where(feedback.c.at >= since)
    found: dict[str, dict[bool, int]] = {}
    for topic, helpful, count in connection.execute(query.group_by(feedback.c.topic, feedback.c.helpful)):
        found.setdefault(topic, {})[bool(helpful)] = count
    return found
