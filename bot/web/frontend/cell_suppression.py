"""Primary and secondary cell suppression: tables in which no small count can be read, nor worked out from others."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.web.frontend.environment import SMALL

NOT_TOLD = "not told"


@dataclass(frozen=True)
class Counts:
    """Counts with the totals of rows and columns: the last cell of each row, and the last row."""

    cells: tuple[tuple[int | None, ...], ...]
    """None where a count is not told."""

    @property
    def rows(self) -> tuple[tuple[int | None, ...], ...]:
        """The rows without the row of totals, each with its own total last."""
        return self.cells[:-1]

    @property
    def totals(self) -> tuple[int | None, ...]:
        """The totals of the columns, and of everything last."""
        return self.cells[-1]


def suppress(rows: Sequence[Sequence[int]], columns: int) -> Counts:
    """Return ``rows`` of ``columns`` counts with their totals, and nothing told that gives a small one away.

    A count from 1 to 4 is not told. Where a row or a column would still give one away, because it is the only one left
    out or because those left out add up to so little, its smallest other count is left out too, until none does.
    """
    table = [[*row, sum(row)] for row in rows]
    table.append([sum(row[c] for row in table) for c in range(columns + 1)])
    hidden = {(r, c) for r, row in enumerate(table) for c, count in enumerate(row) if 0 < count < SMALL}
    lines = [[(r, c) for c in range(columns + 1)] for r in range(len(table))]
    lines += [[(r, c) for r in range(len(table))] for c in range(columns + 1)]
    while more := {cell for line in lines if (cell := _gives_away(line, table, hidden)) is not None}:
        hidden |= more
    cells = [[None if (r, c) in hidden else count for c, count in enumerate(row)] for r, row in enumerate(table)]
    return Counts(tuple(map(tuple, cells)))


def shown_count(count: int | None) -> str:
    """Return a count as tables and files show it."""
    return NOT_TOLD if count is None else f"{count}"


def _gives_away(
    line: list[tuple[int, int]], table: list[list[int]], hidden: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the cell that has to be left out too, so that ``line``, whose last cell is its total, gives none away."""
    *parts, total = line
    left_out = [cell for cell in line if cell in hidden]
    little = total not in hidden and sum(table[r][c] for r, c in left_out) < SMALL
    if not left_out or not (len(left_out) == 1 or little):
        return None
    shown = [cell for cell in parts if cell not in hidden and table[cell[0]][cell[1]]]
    if shown:
        return min(shown, key=lambda cell: (table[cell[0]][cell[1]], cell))
    return total if total not in hidden else None
