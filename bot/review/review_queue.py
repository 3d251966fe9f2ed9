"""Questions that staff should read: those the bot could not answer, and those whose answers did not help.

They are kept as long as messages are, encrypted, and with nothing that says whose they were.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.messages import Answer, AnswerOutcome
from bot.records.enums import Why
from bot.review import clustering, privacy
from bot.review.clustering import Groups, Vector
from bot.review.tables import question
from bot.review.weeks import monday
from bot.text.clean import clean

LONGEST = 500
"""Characters of a question that are kept."""
COMPARED = 2_000
"""A new question is compared with the groups of so many others, the newest."""
AT_ONCE = 200
"""So many are looked at in one transaction."""
EXAMPLES = 3
_WHY = {
    AnswerOutcome.NOT_UNDERSTOOD: Why.NOT_UNDERSTOOD,
    AnswerOutcome.OFFERED: Why.OFFERED,
    AnswerOutcome.OUTSIDE: Why.OUTSIDE,
}
_OPEN = question.c.proposal_id.is_(None)
_GROUP = func.coalesce(question.c.likeness, -question.c.id)
"""A question that has not been placed yet is a group of its own."""


def enqueue_if_unanswered(connection: Connection, channel: str, text: str, answer: Answer, now: datetime) -> None:
    """Keep a question that was not answered, if staff may read it."""
    why = _WHY.get(answer.understood) if answer.understood else None
    if why is None or answer.alerts or answer.near_danger or answer.held_secret:
        return
    best = (*answer.topics, *answer.suggestions) if answer.understood is not AnswerOutcome.NOT_UNDERSTOOD else ()
    enqueue(connection, channel, text, best[0] if best else None, why, now)


def enqueue(connection: Connection, channel: str, text: str, topic: str | None, why: Why, now: datetime) -> None:
    """Keep a question with the topic that was answered or offered first, unless it could say whose it is."""
    text = clean(text)[:LONGEST]
    if not text or privacy.is_never_kept(topic) or privacy.contains_identifier(text):
        return
    row = {"at": now, "week": monday(now), "channel": channel, "topic": topic, "why": why.value, "text": text}
    connection.execute(insert(question).values(**row))


Encode = Callable[[Sequence[str]], Vector]
"""Returns a row of length 1 for each text."""
IsUnsafe = Callable[[str], bool]
"""Tells whether a text says that a life or a child is at risk."""


@dataclass(frozen=True)
class Placed:
    """Where new questions belong: their vector as text and their group; and those that nobody should have kept."""

    places: dict[int, tuple[str, int]]
    dropped: frozenset[int]


def placed(connection: Connection, encode: Encode, unfit: IsUnsafe) -> Placed | None:
    """Say where new questions belong; None where there are none. It writes nothing: encoding may take a second."""
    fresh = select(question.c.id, question.c.text).where(question.c.vector.is_(None)).order_by(question.c.id)
    rows = connection.execute(fresh.limit(AT_ONCE)).all()
    if not rows:
        return None
    dropped = frozenset(r.id for r in rows if unfit(r.text) or privacy.mentions_reference(connection, r.text))
    staying = [row for row in rows if row.id not in dropped]
    groups, places = _groups(connection), {}
    for row, vector in zip(staying, encode([row.text for row in staying]) if staying else (), strict=True):
        places[row.id] = clustering.to_text(vector), groups.place(vector, row.id)
    return Placed(places, dropped)


def put(connection: Connection, placed: Placed) -> None:
    """Keep where questions belong; another process may have been first."""
    if placed.dropped:
        connection.execute(delete(question).where(question.c.id.in_(placed.dropped)))
    for id_, (vector, group) in placed.places.items():
        own = (question.c.id == id_) & question.c.vector.is_(None)
        connection.execute(update(question).where(own).values(vector=vector, likeness=group))


def _groups(connection: Connection) -> Groups:
    placed = select(question.c.likeness, question.c.vector).where(question.c.vector.is_not(None))
    rows = connection.execute(placed.order_by(question.c.id.desc()).limit(COMPARED))
    return Groups((row.likeness, clustering.from_text(row.vector)) for row in rows)


@dataclass(frozen=True)
class ReviewQuestion:
    """One question."""

    id: int
    at: datetime
    channel: str
    topic: str | None
    why: Why
    text: str


@dataclass(frozen=True)
class QuestionCluster:
    """Questions that are alike."""

    first: int
    """The id of its newest question: what an address names it by."""
    count: int
    weeks: dict[date, int]
    examples: list[ReviewQuestion]


def groups(connection: Connection, why: Why | None, number: int, size: int) -> tuple[list[QuestionCluster], int]:
    """Return one page of the groups, the largest first, then the newest, and how many there are.

    Only the examples shown are decrypted: that is what takes time.
    """
    wanted = [_OPEN, *([question.c.why == why.value] if why else [])]
    total = connection.execute(select(func.count(func.distinct(_GROUP))).where(*wanted)).scalar_one()
    newest = func.max(question.c.id)
    query = select(_GROUP.label("own"), func.count().label("many"), newest.label("newest")).where(*wanted)
    query = query.group_by(_GROUP).order_by(func.count().desc(), newest.desc()).limit(size).offset((number - 1) * size)
    rows = connection.execute(query).all()
    weeks = _weeks(connection, [row.own for row in rows], wanted)
    examples = _examples(connection, [row.own for row in rows], wanted)
    return [QuestionCluster(row.newest, row.many, weeks[row.own], examples[row.own]) for row in rows], int(total)


def _weeks(
    connection: Connection, numbers: Collection[int], wanted: Sequence["ColumnElement[Any]"]
) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {number: {} for number in numbers}
    columns = (_GROUP.label("own"), question.c.week)
    query = select(*columns, func.count().label("many")).where(_GROUP.in_(numbers), *wanted)
    for row in connection.execute(query.group_by(*columns)):
        found[row.own][row.week] = row.many
    return found


def _examples(
    connection: Connection, numbers: Collection[int], wanted: Sequence["ColumnElement[Any]"]
) -> dict[int, list[ReviewQuestion]]:
    place = func.row_number().over(partition_by=_GROUP, order_by=question.c.id.desc()).label("place")
    ranked = select(question.c.id, _GROUP.label("own"), place).where(_GROUP.in_(numbers), *wanted).subquery()
    query = select(question, ranked.c.own).join(ranked, ranked.c.id == question.c.id)
    found: dict[int, list[ReviewQuestion]] = {number: [] for number in numbers}
    for row in connection.execute(query.where(ranked.c.place <= EXAMPLES).order_by(question.c.id.desc())):
        found[row.own].append(_question(row))
    return found


def alike(connection: Connection, question_id: int, most: int) -> list[ReviewQuestion]:
    """Return a question that is open and those alike, at most so many, the newest first; none where it is not there."""
    own = select(_GROUP).where(question.c.id == question_id, _OPEN).scalar_subquery()
    rows = connection.execute(select(question).where(own == _GROUP, _OPEN).order_by(question.c.id.desc()).limit(most))
    return [_question(row) for row in rows]


def chosen(connection: Connection, ids: Collection[int]) -> list[ReviewQuestion]:
    """Return those of ``ids`` that are open, in their order."""
    rows = connection.execute(select(question).where(question.c.id.in_(ids), _OPEN).order_by(question.c.id))
    return [_question(row) for row in rows]


def dismiss(connection: Connection, ids: Collection[int]) -> int:
    """Forget questions that are dealt with; return how many were there."""
    return int(connection.execute(delete(question).where(question.c.id.in_(ids), _OPEN)).rowcount)


def sweep(connection: Connection, before: datetime) -> int:
    """Forget the questions that were asked ``before``; that they were asked stays counted."""
    return int(connection.execute(delete(question).where(question.c.at < before)).rowcount)


def _question(row: object) -> ReviewQuestion:
    values = {name: getattr(row, name) for name in ("id", "at", "channel", "topic", "text")}
    return ReviewQuestion(**values, why=Why(row.why))  # type: ignore[attr-defined]
