"""Questions that staff should review: those that the bot could not answer, and those whose answers did not help.

They are kept as long as messages are, encrypted, and with nothing that says who asked them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.messages import Answer, AnswerOutcome
from bot.records.enums import ReviewReason
from bot.review import privacy
from bot.review.tables import question
from bot.review.weeks import monday
from bot.text.clean import clean

LONGEST = 500
"""How many characters of a question are kept."""
_WHY = {
    AnswerOutcome.NOT_UNDERSTOOD: ReviewReason.NOT_UNDERSTOOD,
    AnswerOutcome.OFFERED: ReviewReason.OFFERED,
    AnswerOutcome.OUTSIDE: ReviewReason.OUTSIDE,
}
OPEN = question.c.proposal_id.is_(None)
CLUSTER = func.coalesce(question.c.cluster_id, -question.c.id)
"""The id of a question's cluster; a question that is not clustered yet counts as a cluster of its own."""


def enqueue_if_unanswered(connection: Connection, channel: str, text: str, answer: Answer, now: datetime) -> None:
    """Keep a question that was not answered, unless it is about danger or might hold a secret."""
    why = _WHY.get(answer.understood) if answer.understood else None
    if why is None or answer.alerts or answer.near_danger or answer.held_secret:
        return
    best = (*answer.topics, *answer.suggestions) if answer.understood is not AnswerOutcome.NOT_UNDERSTOOD else ()
    enqueue(connection, channel, text, best[0] if best else None, why, now)


def enqueue(
    connection: Connection, channel: str, text: str, topic: str | None, why: ReviewReason, now: datetime
) -> None:
    """Keep a question with the topic that was answered or offered first, unless it could identify who asked it."""
    text = clean(text)[:LONGEST]
    if not text or privacy.is_never_kept(topic) or privacy.contains_identifier(text):
        return
    row = {"at": now, "week": monday(now), "channel": channel, "topic": topic, "why": why.value, "text": text}
    connection.execute(insert(question).values(**row))


@dataclass(frozen=True)
class ReviewQuestion:
    """A question to be reviewed."""

    id: int
    at: datetime
    channel: str
    topic: str | None
    why: ReviewReason
    text: str


def similar_to(connection: Connection, question_id: int, most: int) -> list[ReviewQuestion]:
    """Return the open questions in the cluster of ``question_id``, itself included: at most ``most``, the newest first.

    The list is empty if that question is not open.
    """
    own = select(CLUSTER).where(question.c.id == question_id, OPEN).scalar_subquery()
    rows = connection.execute(select(question).where(own == CLUSTER, OPEN).order_by(question.c.id.desc()).limit(most))
    return [review_question(row) for row in rows]


def open_by_ids(connection: Connection, ids: Collection[int]) -> list[ReviewQuestion]:
    """Return those of ``ids`` that are open, the oldest first."""
    rows = connection.execute(select(question).where(question.c.id.in_(ids), OPEN).order_by(question.c.id))
    return [review_question(row) for row in rows]


def dismiss(connection: Connection, ids: Collection[int]) -> int:
    """Delete open questions that are dealt with; return how many there were."""
    return int(connection.execute(delete(question).where(question.c.id.in_(ids), OPEN)).rowcount)


def purge_expired(connection: Connection, before: datetime) -> int:
    """Delete the questions that were asked before a moment, and return how many; they stay counted."""
    return int(connection.execute(delete(question).where(question.c.at < before)).rowcount)


def review_question(row: object) -> ReviewQuestion:
    """Return a row of the table as a value."""
    values = {name: getattr(row, name) for name in ("id", "at", "channel", "topic", "text")}
    return ReviewQuestion(**values, why=ReviewReason(row.why))  # type: ignore[attr-defined]
