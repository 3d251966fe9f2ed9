"""What a cell may hold: each function returns the value, or raises CellError saying what was expected.

Cells come normalised (:func:`bot.text.typed.normalised`), from files and from the forms of staff alike.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.records.participants.participant_record import LOCAL
from bot.records.participants.references import folded
from bot.text import discretion

E = TypeVar("E", bound=StrEnum)

FIRST_YEAR = 2000
YEARS_AHEAD = 10
LONGEST = timedelta(hours=12)
"""Nothing of a programme goes on for longer: more is a slip of the date or of morning and evening."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4})")
_NAMED = re.compile(
    r"(?:[a-z]{3,9},? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?[- ]"
    rf"(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}[- ](?P<year>\d{{4}})"
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.0+)?)?)? ?(?:(?P<half>[ap])\.?m\.?)?"
)
_MOMENT = re.compile(r"(?P<day>.*\d{4}|\d{4}.*?)(?:t|, ?| at | )(?P<time>\d{1,2}(?:[:.]\d{2}.*| ?[ap]\.?m\.?))")
_IN_NAMES = frozenset("‘’“”–—…·• £€") | {chr(code) for code in range(0xC0, 0x180)}
"""Beside ASCII, what stands in names here: letters of European languages, and marks that programs put for others."""
_WHOLE = re.compile(r"(\d{1,9})(?:\.0*|,0{1,2})?")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+\d+", re.IGNORECASE)
_SERIAL = re.compile(r"[3-6]\d{4}(?:[.,]\d+)?")


class CellError(ValueError):
    """A cell holds something else than it may."""


class YearError(CellError):
    """A date lies further away than anything of a programme does."""


def text(cell: str, column: str, longest: int) -> str:
    """Return a text that is not empty."""
    if not cell:
        raise CellError(f"{column} is empty")
    return optional_text(cell, column, longest)


def optional_text(cell: str, column: str, longest: int) -> str:
    """Return a text that may be empty."""
    if len(cell) > longest:
        raise CellError(f"{column} has {len(cell)} characters: expected at most {longest}")
    if "\N{REPLACEMENT CHARACTER}" in cell:
        raise CellError(f"{column} is {cell!r}: a letter was lost when the file was saved. Expected it written anew")
    meant = _misread(cell)
    if meant:
        raise CellError(f"{column} is {cell!r}: letters were changed when the file was opened. Expected {meant!r}?")
    return cell


def _misread(cell: str) -> str | None:
    """Return what was written where UTF-8 was once opened as Windows' or the Mac's older encoding; else None."""
    if cell.isascii():
        return None
    for encoding in ("cp1252", "mac_roman"):
        try:
            meant = cell.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if all(c.isascii() or c in _IN_NAMES for c in meant):
            return meant
    return None


def discreet_text(cell: str, column: str, longest: int) -> str:
    """Return a text that may be empty and is read in text messages: it may not say what they are about."""
    told = discretion.refused(optional_text(cell, column, longest))
    if told:
        expected = "expected a neutral name or an address, for it is in text messages that others may see"
        raise CellError(f"{column} is {cell!r}, and “{told}” tells what it is about: {expected}")
    return cell


def reference(cell: str) -> str:
    """Return a participant's reference."""
    if cell and not folded(cell):
        raise CellError(f"reference is {cell!r}: expected one with letters or digits")
    if _SCIENTIFIC.fullmatch(cell):
        raise CellError(
            f"reference is {cell!r}: Excel has shortened a number. Expected all of it: format it as text there"
        )
    return text(cell, "reference", 40)


def number(cell: str, column: str, highest: int) -> int:
    """Return a whole number from 1; spreadsheets write it with a decimal point, too."""
    found = _WHOLE.fullmatch(cell) if cell.isascii() else None
    if found is None or not 1 <= int(found[1]) <= highest:
        raise CellError(f"{column} is {cell!r}: expected a whole number from 1 to {highest}")
    return int(found[1])


def without_point(cell: str) -> str:
    """Return the digits of a number, as the record would write them; another text as it is."""
    found = _WHOLE.fullmatch(cell)
    return str(int(found[1])) if found else cell


def one_of(cell: str, column: str, values: type[E]) -> E:
    """Return one of the words or codes of ``values``, whatever its case."""
    for value in values:
        if re.sub(r"[ -]", "_", cell.casefold()) == value.value.casefold():
            return value
    raise CellError(f"{column} is {cell!r}: expected one of {', '.join(values)}")


def day(cell: str, column: str) -> date | None:
    """Return a date, or None for an empty cell."""
    if not cell:
        return None
    try:
        return _in_reach(_day(cell), cell, column)
    except YearError:
        raise
    except ValueError:
        raise CellError(f"{column} is {cell!r}: expected a date like 2026-11-23{_hint(cell)}") from None


def moment(cell: str, column: str) -> datetime:
    """Return an instant, given as local time in London; one that the clock change skips does not exist."""
    parts = _MOMENT.fullmatch(cell.casefold())
    try:
        local = datetime.combine(_in_reach(_day(parts["day"]), cell, column), clock(parts["time"]))  # type: ignore[index]
    except YearError:
        raise
    except (ValueError, TypeError):
        raise CellError(f"{column} is {cell!r}: expected local time like 2026-11-23T18:00{_hint(cell)}") from None
    return existing(local, column)


def clock(cell: str) -> time:
    """Return a time of the day; raise ValueError for what is none."""
    found = _TIME.fullmatch(cell.casefold())
    if found is None or not (found["minute"] or found["half"]):
        raise ValueError(cell)
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(cell)
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def existing(local: datetime, column: str) -> datetime:
    """Return the instant of a local time (naive); raise CellError for one that the clock change skips."""
    instant = local.replace(tzinfo=LOCAL).astimezone(UTC)
    if instant.astimezone(LOCAL).replace(tzinfo=None) != local:
        raise CellError(f"{column} is {local.isoformat()}: that time does not exist, the clocks go forward over it")
    return instant


def time_range(starts: str, ends: str) -> tuple[datetime, datetime]:
    """Return start and end, the end being later by at most :data:`LONGEST`."""
    starts_at, ends_at = moment(starts, "starts_at"), moment(ends, "ends_at")
    if ends_at <= starts_at:
        raise CellError(f"ends_at is {ends!r}: expected a time after starts_at ({starts})")
    if ends_at - starts_at > LONGEST:
        raise CellError(f"ends_at is {ends!r}: expected one within 12 hours of starts_at ({starts})")
    return starts_at, ends_at


def read_day_first(cell: str) -> date | None:
    """Return the date of a cell that another country would read with the month first; None for any other cell."""
    parts = _MOMENT.fullmatch(cell.casefold())
    found = _DAY_FIRST.fullmatch(parts["day"] if parts else cell)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _day(cell: str) -> date:
    found = _YEAR_FIRST.fullmatch(cell) or _DAY_FIRST.fullmatch(cell)
    if found:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    named = _NAMED.fullmatch(cell.casefold())
    if named is None:
        raise ValueError(cell)
    return date(int(named["year"]), _MONTHS.index(named["name"]) + 1, int(named["day"]))


def _in_reach(found: date, cell: str, column: str) -> date:
    last = datetime.now(LOCAL).year + YEARS_AHEAD
    if not FIRST_YEAR <= found.year <= last:
        raise YearError(f"{column} is {cell!r}: expected a year from {FIRST_YEAR} to {last}")
    return found


def _hint(cell: str) -> str:
    """Return what may have happened to a date, where it shows."""
    if cell and not cell.strip("#"):
        return ". Excel writes this where a column is too narrow: make it wider there, and save again"
    if _SERIAL.fullmatch(cell):
        return ". This is how Excel counts days: give the column a date format there, and save again"
    if re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d)", cell) or re.match(r"\d{1,2}-[A-Za-z]{3}-\d{2}(?!\d)", cell):
        return ", with a year of four digits"
    if re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", cell):
        return " or 23/11/2026 18:00, the day before the month"
    return ""
