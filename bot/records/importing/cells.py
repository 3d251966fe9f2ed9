"""What a cell may hold: each function returns the value, or raises CellError saying what was expected."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from bot.records.picture import LOCAL

E = TypeVar("E", bound=StrEnum)


class CellError(ValueError):
    """A cell holds something else than it may."""


def text(cell: str, column: str, longest: int) -> str:
    """Return a text that is not empty."""
    if not cell:
        raise CellError(f"{column} is empty")
    return optional_text(cell, column, longest)


def optional_text(cell: str, column: str, longest: int) -> str:
    """Return a text that may be empty."""
    if len(cell) > longest:
        raise CellError(f"{column} has {len(cell)} characters: expected at most {longest}")
    return cell


def number(cell: str, column: str, highest: int) -> int:
    """Return a whole number from 1."""
    if not (cell.isascii() and cell.isdecimal() and 1 <= int(cell[:9]) <= highest):
        raise CellError(f"{column} is {cell!r}: expected a whole number from 1 to {highest}")
    return int(cell)


def one_of(cell: str, column: str, values: type[E]) -> E:
    """Return one of the words or codes of ``values``, whatever its case."""
    for value in values:
        if cell.casefold() == value.value.casefold():
            return value
    raise CellError(f"{column} is {cell!r}: expected one of {', '.join(values)}")


def day(cell: str, column: str) -> date | None:
    """Return a date, or None for an empty cell."""
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise CellError(f"{column} is {cell!r}: expected a date like 2026-11-23") from None


def moment(cell: str, column: str) -> datetime:
    """Return an instant, given as local time in London; one that the clock change skips does not exist."""
    try:
        local = datetime.fromisoformat(cell)
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None or len(cell) < len("2026-11-23T18:00"):
        raise CellError(f"{column} is {cell!r}: expected local time like 2026-11-23T18:00")
    return existing(local, column)


def existing(local: datetime, column: str) -> datetime:
    """Return the instant of a local time (naive); raise CellError for one that the clock change skips."""
    instant = local.replace(tzinfo=LOCAL).astimezone(UTC)
    if instant.astimezone(LOCAL).replace(tzinfo=None) != local:
        raise CellError(f"{column} is {local.isoformat()}: that time does not exist, the clocks go forward over it")
    return instant


def span(starts: str, ends: str) -> tuple[datetime, datetime]:
    """Return start and end, the end being later and within a day."""
    starts_at, ends_at = moment(starts, "starts_at"), moment(ends, "ends_at")
    if ends_at <= starts_at:
        raise CellError(f"ends_at is {ends!r}: expected a time after starts_at ({starts})")
    if (ends_at - starts_at).total_seconds() > 24 * 3600:
        raise CellError(f"ends_at is {ends!r}: expected one within a day of starts_at ({starts})")
    return starts_at, ends_at
