"""Figures of what is asked: by topic and week, how much of it was answered, and on which channel."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from starlette.responses import Response
from starlette.routing import Route

from bot.messages import AnswerOutcome
from bot.records.enums import Role
from bot.review import question_stats, weeks
from bot.review.question_stats import Counted
from bot.web.frontend.cell_suppression import Counts, shown_count, suppress
from bot.web.frontend.downloads import csv_file
from bot.web.frontend.environment import SMALL, short_day
from bot.web.staff import labels
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

WEEKS = 8
UNANSWERED = (AnswerOutcome.OUTSIDE, AnswerOutcome.NOT_UNDERSTOOD)
_TOTAL = "All"
K = TypeVar("K")
C = TypeVar("C")


@dataclass(frozen=True)
class Table:
    """A table of counts: what its rows and columns are called, and the counts with their totals."""

    names: Sequence[str]
    columns: Sequence[str]
    counts: Counts

    @property
    def lines(self) -> list[tuple[str, tuple[int | None, ...]]]:
        """Each row's name and counts, its total last."""
        return list(zip(self.names, self.counts.rows, strict=True))


@dataclass(frozen=True)
class QuestionFigures:
    """What was asked in the last weeks."""

    counted: Sequence[Counted]
    weeks: Sequence[date]
    title: Callable[[str | None], str]

    @cached_property
    def topics(self) -> Table:
        """Questions by topic and week, the most asked first."""
        mondays = [short_day(week).partition(" ")[2] for week in self.weeks]
        found = _summed((self.title(one.topic), one.week, one.count) for one in self.counted)
        names = sorted(found)
        counts = suppress([[found[name].get(week, 0) for week in self.weeks] for name in names], len(self.weeks))
        # By what is told: the order of the others would tell which of them is larger.
        order = sorted(range(len(names)), key=lambda n: -(counts.rows[n][-1] or 0))
        cells = [counts.rows[n] for n in order]
        return Table([names[n] for n in order], mondays, Counts((*cells, counts.totals)))

    @cached_property
    def outcomes(self) -> Table:
        """Questions by week and what became of them."""
        found = _summed((one.week, one.outcome, one.count) for one in self.counted)
        rows = [[found.get(week, {}).get(outcome, 0) for outcome in AnswerOutcome] for week in self.weeks]
        names = [short_day(week) for week in self.weeks]
        return Table(names, [labels.UNDERSTOOD[o] for o in AnswerOutcome], suppress(rows, len(AnswerOutcome)))

    @cached_property
    def shares(self) -> list[int | None]:
        """For each week the percentage of questions not answered; None where that would tell a small count."""
        columns = [list(AnswerOutcome).index(outcome) for outcome in UNANSWERED]
        return [_percentage([row[c] for c in columns], row[-1]) for row in self.outcomes.counts.rows]

    @cached_property
    def channels(self) -> Table:
        """Questions by channel and week."""
        mondays = [short_day(week).partition(" ")[2] for week in self.weeks]
        found = _summed((labels.channel(one.channel).capitalize(), one.week, one.count) for one in self.counted)
        rows = [[found[name].get(week, 0) for week in self.weeks] for name in sorted(found)]
        return Table(sorted(found), mondays, suppress(rows, len(self.weeks)))


def figures(request: StaffRequest) -> QuestionFigures:
    """Return the figures of the whole service."""
    last = weeks.last(WEEKS, request.now)
    titles = request.app.catalog.title
    return QuestionFigures(
        question_stats.counted(request.connection, last[0]), last, lambda topic: labels.topic(titles, topic)
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes: each table as a file, with the same counts withheld as on the page."""
    views = {"topics": topics, "outcomes": outcomes, "channels": channels}
    return [app.route(f"/figures/{name}.csv", view, auth=Role.MANAGER) for name, view in views.items()]


def topics(request: StaffRequest) -> Response:
    """Give out questions by topic and week."""
    return csv_file("topics.csv", _rows("topic", figures(request).topics))


def channels(request: StaffRequest) -> Response:
    """Give out questions by channel and week."""
    return csv_file("channels.csv", _rows("channel", figures(request).channels))


def outcomes(request: StaffRequest) -> Response:
    """Give out questions by week and what became of them."""
    found = figures(request)
    head, *rows = _rows("week", found.outcomes)
    shares = ["" if share is None else str(share) for share in [*found.shares, None]]
    return csv_file(
        "outcomes.csv", [[*head, "unanswered_percent"], *([*r, s] for r, s in zip(rows, shares, strict=True))]
    )


def _rows(of: str, table: Table) -> list[list[str]]:
    lines = [[name, *map(shown_count, counts)] for name, counts in [*table.lines, (_TOTAL, table.counts.totals)]]
    return [[of, *table.columns, _TOTAL], *lines]


def _summed(given: Iterable[tuple[K, C, int]]) -> dict[K, dict[C, int]]:
    found: dict[K, dict[C, int]] = {}
    for row, column, count in given:
        own = found.setdefault(row, {})
        own[column] = own.get(column, 0) + count
    return found


def _percentage(parts: Sequence[int | None], total: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    if total is None or not total or len(known) < len(parts):
        return None
    rest = total - sum(known)
    return None if 0 < rest < SMALL else round(100 * sum(known) / total)
