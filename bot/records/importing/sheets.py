"""The kinds of files with their columns, a row of one, and what there is to say about a place in one."""

from collections.abc import Mapping
from dataclasses import dataclass

MAX_PROBLEMS = 10_000
"""After so many the rest is only counted."""


@dataclass(frozen=True)
class CsvSpec:
    """A kind of file: its name and its columns."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All of its columns."""
        return self.required + self.optional

    @property
    def expected(self) -> str:
        """What its first row has to name."""
        wanted = f", and if wanted {', '.join(self.optional)}" if self.optional else ""
        return f"expected the columns {', '.join(self.required)}{wanted}"


SHEETS = (
    CsvSpec("groups.csv", ("group", "option", "venue"), ("office",)),
    CsvSpec("sessions.csv", ("group", "number", "block", "starts_at", "ends_at", "venue", "title")),
    CsvSpec("participants.csv", ("reference", "group", "preferred_name"), ("status", "from", "to")),
    CsvSpec("attendance.csv", ("reference", "number", "outcome"), ("group",)),
    CsvSpec("catch_ups.csv", ("reference", "number", "starts_at", "ends_at", "venue", "outcome"), ("group",)),
    CsvSpec("appointments.csv", ("reference", "kind", "starts_at", "ends_at", "venue")),
)
"""In the order in which they are read: each may name what an earlier one brought."""
NAMES = tuple(spec.name for spec in SHEETS)
DATES = frozenset({"starts_at", "ends_at", "from", "to"})
"""The columns that hold a day."""


@dataclass(frozen=True)
class Problem:
    """Something to be said about one place."""

    file: str
    """Empty where it is about none of the files."""
    line: int
    """0 where it is about the whole file."""
    text: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.file}: {self.text}" if self.file else self.text
        return f"{self.file}, line {self.line}: {self.text}"


class Problems:
    """Collects what there is to say, so that all of it can be told at once."""

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
    """One row of a sheet: its cells by column, normalised; a missing optional column is empty."""

    line: int
    """Where it begins."""
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]
