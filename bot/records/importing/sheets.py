"""CSV files as rows of named cells, with whatever is wrong in them told by file and line."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_PROBLEMS = 10_000
"""After so many the rest is only counted."""


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its name and its columns."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


SHEETS = (
    Sheet("groups.csv", ("group", "option", "venue"), ("office",)),
    Sheet("sessions.csv", ("group", "number", "block", "starts_at", "ends_at", "venue", "title")),
    Sheet("participants.csv", ("reference", "group", "preferred_name"), ("status", "from", "to")),
    Sheet("attendance.csv", ("reference", "number", "outcome"), ("group",)),
    Sheet("catch_ups.csv", ("reference", "number", "starts_at", "ends_at", "venue", "outcome"), ("group",)),
    Sheet("appointments.csv", ("reference", "kind", "starts_at", "ends_at", "venue")),
)
"""In the order in which they are read: each may name what an earlier one brought."""


@dataclass(frozen=True)
class Problem:
    """Something wrong in one place."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


class Problems:
    """Collects problems, so that all of them can be told at once."""

    def __init__(self) -> None:
        """Start with none."""
        self.found: list[Problem] = []
        self.count = 0

    def add(self, file: str, line: int, text: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(Problem(file, line, text))


@dataclass(frozen=True)
class Row:
    """One line of a sheet: its cells by column, without space around them; a missing optional column is empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def rows(folder: Path, sheet: Sheet, problems: Problems, advance: Callable[[int], object]) -> Iterator[Row]:
    """Yield the rows of ``sheet`` that have the right form; ``advance`` is told how many bytes were read."""
    file = folder / sheet.name
    # A byte that is no UTF-8 becomes a surrogate, so that its line can be told and the others still be read.
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(_counted(stream, advance), strict=True)
        try:
            columns = _columns(next(reader, []), sheet, problems)
            if columns is None:
                return
            for cells in reader:
                row = _row(cells, columns, sheet, reader.line_num, problems)
                if row is not None:
                    yield row
        except csv.Error as error:
            problems.add(sheet.name, reader.line_num, f"not CSV from here on ({error})")


def _counted(stream: Iterator[str], advance: Callable[[int], object]) -> Iterator[str]:
    for line in stream:
        advance(len(line))
        yield line


def _columns(header: Sequence[str], sheet: Sheet, problems: Problems) -> list[str] | None:
    columns = [name.strip().lower() for name in header]
    expected = f"expected the columns {', '.join(sheet.required)}"
    if sheet.optional:
        expected += f", and if wanted {', '.join(sheet.optional)}"
    missing = [name for name in sheet.required if name not in columns]
    strange = [name for name in columns if name not in sheet.required + sheet.optional]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if any("\udc80" <= c <= "\udcff" for name in columns for c in name):
        problems.add(sheet.name, 1, f"not UTF-8: {expected}, saved as UTF-8")
    elif missing:
        problems.add(sheet.name, 1, f"no column {', '.join(missing)}: {expected}")
    elif strange or twice:
        problems.add(sheet.name, 1, f"column {', '.join(map(repr, strange or twice))} is not known: {expected}")
    else:
        return columns
    return None


def _row(cells: Sequence[str], columns: list[str], sheet: Sheet, line: int, problems: Problems) -> Row | None:
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(columns):
        problems.add(sheet.name, line, f"{len(cells)} cells: expected {len(columns)}, as in the header")
        return None
    if any("\udc80" <= c <= "\udcff" for cell in cells for c in cell):
        problems.add(sheet.name, line, "not UTF-8: expected the file saved as UTF-8")
        return None
    if any("\0" in cell for cell in cells):
        problems.add(sheet.name, line, "a NUL character: expected text")
        return None
    given = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    return Row(line, {name: given.get(name, "") for name in sheet.required + sheet.optional})
