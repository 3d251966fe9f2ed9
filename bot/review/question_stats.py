"""How often what is asked: counts by week, channel and topic, of nobody in particular."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.messages import Answer, AnswerOutcome
from bot.review import review_queue
from bot.review.tables import asked
from bot.review.weeks import monday

KEPT_WEEKS = 104
_CHUNK = 500


def note(connection: Connection, channel: str, text: str, answer: Answer, now: datetime) -> None:
    """Count a question by each topic that it was answered with, and keep one that was not answered for staff.

    One small row for each: a counter that every message changes would have them wait for one another.
    """
    if answer.understood is None:
        return
    row = {"week": monday(now), "channel": channel, "outcome": answer.understood.value}
    topics: Iterable[str | None] = answer.topics or (None,)
    connection.execute(insert(asked), [{**row, "topic": topic} for topic in topics])
    review_queue.enqueue_if_unanswered(connection, channel, text, answer, now)


def compact(connection: Connection, now: datetime) -> None:
    """Add rows that are alike up to one, and drop those of more than two years ago."""
    connection.execute(delete(asked).where(asked.c.week < monday(now) - timedelta(weeks=KEPT_WEEKS)))
    columns = (asked.c.week, asked.c.channel, asked.c.topic, asked.c.outcome)
    several = select(*columns).group_by(*columns).having(func.count() > 1).subquery()
    weeks = connection.execute(select(several.c.week).distinct()).scalars().all()
    # Locked: two processes that add up the same rows would count them twice.
    rows = connection.execute(select(asked).where(asked.c.week.in_(weeks)).with_for_update()).all() if weeks else []
    sums: dict[tuple[date, str, str | None, str], int] = {}
    for row in rows:
        key = row.week, row.channel, row.topic, row.outcome
        sums[key] = sums.get(key, 0) + row.times
    ids = [row.id for row in rows]
    for start in range(0, len(ids), _CHUNK):
        connection.execute(delete(asked).where(asked.c.id.in_(ids[start : start + _CHUNK])))
    if sums:
        names = [column.name for column in columns]
        connection.execute(insert(asked), [{**dict(zip(names, k, strict=True)), "times": n} for k, n in sums.items()])


@dataclass(frozen=True)
class Counted:
    """How many questions of one kind were asked in a week."""

    week: date
    channel: str
    topic: str | None
    outcome: AnswerOutcome
    count: int


def counted(connection: Connection, since: date) -> list[Counted]:
    """Return the counts of each week from that of ``since`` on, the oldest first."""
    columns = (asked.c.week, asked.c.channel, asked.c.topic, asked.c.outcome)
    query = select(*columns, func.sum(asked.c.times)).where(asked.c.week >= since).group_by(*columns)
    rows = connection.execute(query.order_by(asked.c.week)).all()
    return [Counted(week, channel, topic, AnswerOutcome(outcome), n) for week, channel, topic, outcome, n in rows]
