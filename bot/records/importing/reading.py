"""An import while it goes on: what its readers share, and one file of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Connection

from bot.records.importing.cells import CellError, read_day_first
from bot.records.importing.reference_index import DependentRowError, ReferenceIndex, chunks
from bot.records.importing.sheets import DATES, CsvSpec, Problems, Row
from bot.records.importing.table import rows
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions.programmes import Programme

CHUNK = 2_000
"""Rows that are read, looked up and written at a time: what is in memory does not grow with the files."""
T = TypeVar("T")


@dataclass
class Imported:
    """How many rows of each file were taken, what was wrong, and what is worth a look though nothing is wrong."""

    rows: dict[str, int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    notes: Problems = field(default_factory=Problems)


@dataclass(frozen=True)
class ImportContext:
    """What every reader works with."""

    connection: Connection
    programme: Programme
    index: ReferenceIndex
    done: Imported
    advance: Callable[[int], object]
    now: datetime

    def is_to_come(self, starts_at: datetime) -> bool:
        """Tell whether something begins on a later day than today's."""
        return starts_at.astimezone(LOCAL).date() > self.now.astimezone(LOCAL).date()


class _FormProblems(Problems):
    """What is wrong with the form of one file, counted apart and told with the rest."""

    def __init__(self, told: Problems) -> None:
        super().__init__()
        self._told = told

    def add(self, file: str, line: int, text: str) -> None:
        """Note one."""
        self.count += 1
        self._told.add(file, line, text)


class FileImport:
    """One file while it is read."""

    def __init__(self, spec: CsvSpec, file: Path, context: ImportContext) -> None:
        """Read ``file`` as a ``spec``."""
        self._spec, self._file, self._context = spec, file, context
        self._line = 0
        self._has_day_first = False

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have the right form."""
        done, name = self._context.done, self._spec.name
        form = _FormProblems(done.problems)
        done.rows[name] = 0
        for row in rows(self._file, self._spec, form, done.notes, self._context.advance):
            done.rows[name] += 1
            self._look_at_days(row)
            yield row
        if form.count:  # what such rows would have brought is not known: that it is missing is not told again
            self._context.index.unusable.add(name)
        elif not done.rows[name]:
            self.note("it has no rows below its header", 0)

    def chunks(self) -> Iterator[list[Row]]:
        """Yield the rows in lists."""
        yield from chunks(self.rows(), CHUNK)

    @contextmanager
    def row(self, row: Row, on_failure: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Turn what is wrong with ``row`` into a problem, and go on behind the with block."""
        self._line = row.line
        try:
            yield
        except (CellError, DependentRowError) as error:
            on_failure()
            if isinstance(error, CellError):
                self.problem(row.line, str(error))

    def once(self, seen: dict[T, int], key: T, what: str) -> None:
        """Note that ``key`` stands in this row; raise CellError where it stood in one before."""
        if key in seen:
            raise CellError(f"{what} stands here a second time: the first is in line {seen[key]}")
        seen[key] = self._line

    def problem(self, line: int, text: str) -> None:
        """Note a problem."""
        self._context.done.problems.add(self._spec.name, line, text)

    def note(self, text: str, line: int | None = None) -> None:
        """Note what is worth a look: in this row, if no line is named."""
        self._context.done.notes.add(self._spec.name, self._line if line is None else line, text)

    def _look_at_days(self, row: Row) -> None:
        """Tell once how days are read that others write with the month first."""
        if self._has_day_first:
            return
        for column in self._spec.columns:
            read = read_day_first(row[column]) if column in DATES else None
            if read is not None:
                self._has_day_first = True
                said = f"{read.day} {read:%B %Y}"
                self.note(
                    f"{column} is {row[column]!r}, read with the day first: {said}. So is every date like it", row.line
                )
                return


def present() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
