"""Pages of open questions, grouped by cluster."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.records.enums import ReviewReason
from bot.review.review_queue import CLUSTER, OPEN, ReviewQuestion, review_question
from bot.review.tables import question

EXAMPLES = 3
"""How many questions of a cluster are shown on the page, the newest."""


@dataclass(frozen=True)
class QuestionCluster:
    """Similar questions, as the page of questions shows them."""

    first: int
    """The id of its newest question, by which addresses of pages name it."""
    count: int
    weeks: dict[date, int]
    examples: list[ReviewQuestion]


def clusters(
    connection: Connection, why: ReviewReason | None, number: int, size: int
) -> tuple[list[QuestionCluster], int]:
    """Return page ``number`` (from 1) of the clusters, the largest first, then the newest; and how many there are.

    Only the examples that are shown are decrypted, because that is what takes time.
    """
    wanted = [OPEN, *([question.c.why == why.value] if why else [])]
    total = connection.execute(select(func.count(func.distinct(CLUSTER))).where(*wanted)).scalar_one()
    newest = func.max(question.c.id)
    query = select(CLUSTER.label("own"), func.count().label("many"), newest.label("newest")).where(*wanted)
    query = query.group_by(CLUSTER).order_by(func.count().desc(), newest.desc()).limit(size).offset((number - 1) * size)
    rows = connection.execute(query).all()
    weeks = _weeks(connection, [row.own for row in rows], wanted)
    examples = _examples(connection, [row.own for row in rows], wanted)
    return [QuestionCluster(row.newest, row.many, weeks[row.own], examples[row.own]) for row in rows], int(total)


def _weeks(
    connection: Connection, numbers: Collection[int], wanted: Sequence["ColumnElement[Any]"]
) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {number: {} for number in numbers}
    columns = (CLUSTER.label("own"), question.c.week)
    query = select(*columns, func.count().label("many")).where(CLUSTER.in_(numbers), *wanted)
    for row in connection.execute(query.group_by(*columns)):
        found[row.own][row.week] = row.many
    return found


def _examples(
    connection: Connection, numbers: Collection[int], wanted: Sequence["ColumnElement[Any]"]
) -> dict[int, list[ReviewQuestion]]:
    place = func.row_number().over(partition_by=CLUSTER, order_by=question.c.id.desc()).label("place")
    ranked = select(question.c.id, CLUSTER.label("own"), place).where(CLUSTER.in_(numbers), *wanted).subquery()
    query = select(question, ranked.c.own).join(ranked, ranked.c.id == question.c.id)
    found: dict[int, list[ReviewQuestion]] = {number: [] for number in numbers}
    for row in connection.execute(query.where(ranked.c.place <= EXAMPLES).order_by(question.c.id.desc())):
        found[row.own].append(review_question(row))
    return found
