"""Counts questions by week, channel, topic and outcome; nothing says who asked them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.messages import Answer, AnswerOutcome
from bot.review import review_queue
from bot.review.tables import question_stat
from bot.review.weeks import monday

KEPT_WEEKS = 104
_CHUNK = 500


def note(connection: Connection, channel: str, text: str, answer: Answer, now: datetime) -> None:
    """Count a question under each topic that it was answered with, and keep one that was not answered for review.

    Each count is a row of its own, because messages that change the same counter would wait for one another.
    """
    if answer.understood is None:
        return
    row = {"week": monday(now), "channel": channel, "outcome": answer.understood.value}
    topics: Iterable[str | None] = answer.topics or (None,)
    connection.execute(insert(question_stat), [{**row, "topic": topic} for topic in topics])
    review_queue.enqueue_if_unanswered(connection, channel, text, answer, now)


def compact(connection: Connection, now: datetime) -> None:
    """Add equal rows up to one, and delete rows of weeks more than KEPT_WEEKS ago."""
    connection.execute(delete(question_stat).where(question_stat.c.week < monday(now) - timedelta(weeks=KEPT_WEEKS)))
    columns = (question_stat.c.week, question_stat.c.channel, question_stat.c.topic, question_stat.c.outcome)
    several = select(*columns).group_by(*columns).having(func.count() > 1).subquery()
    weeks = connection.execute(select(several.c.week).distinct()).scalars().all()
    # The rows are locked, because two processes that add up the same ones would count them twice.
    rows = (
        connection.execute(select(question_stat).where(question_stat.c.week.in_(weeks)).with_for_update()).all()
        if weeks
        else []
    )
    sums: dict[tuple[date, str, str | None, str], int] = {}
    for row in rows:
        key = row.week, row.channel, row.topic, row.outcome
        sums[key] = sums.get(key, 0) + row.times
    ids = [row.id for row in rows]
    for start in range(0, len(ids), _CHUNK):
        connection.execute(delete(question_stat).where(question_stat.c.id.in_(ids[start : start + _CHUNK])))
    if sums:
        names = [column.name for column in columns]
        connection.execute(
            insert(question_stat), [{**dict(zip(names, k, strict=True)), "times": n} for k, n in sums.items()]
        )


@dataclass(frozen=True)
class Counted:
    """How many questions were asked in a week on one channel, about one topic and with one outcome."""

    week: date
    channel: str
    topic: str | None
    outcome: AnswerOutcome
    count: int


def counted(connection: Connection, since: date) -> list[Counted]:
    """Return the counts of each week that begins on ``since`` or later, the oldest first."""
    columns = (question_stat.c.week, question_stat.c.channel, question_stat.c.topic, question_stat.c.outcome)
    query = select(*columns, func.sum(question_stat.c.times)).where(question_stat.c.week >= since).group_by(*columns)
    rows = connection.execute(query.order_by(question_stat.c.week)).all()
    return [Counted(week, channel, topic, AnswerOutcome(outcome), n) for week, channel, topic, outcome, n in rows]
