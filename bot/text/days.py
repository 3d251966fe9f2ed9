"""A day or a stretch of days, and counting from one to another. Weeks begin on Monday."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

A_YEAR = timedelta(days=365)
"""How far a stretch without an end ("from the 8th on") is read."""


@dataclass(frozen=True)
class Days:
    """A day, or all days from the first to the last; with ``weekday``, those of them that are one (0 is Monday)."""

    first: date
    last: date
    weekday: int | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last and self.weekday in (None, day.weekday())

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)


def one(day: date) -> Days:
    """Return ``day`` alone."""
    return Days(day, day)


def later(days: Days, count: int) -> Days:
    """Return ``days`` so many days later."""
    return Days(days.first + timedelta(days=count), days.last + timedelta(days=count), days.weekday)


def week(day: date, later: int = 0) -> Days:
    """Return the week that ``day`` is in, or one so many weeks later."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=later)
    return Days(monday, monday + timedelta(days=6))


def weekend(day: date, later: int = 0) -> Days:
    """Return the Saturday and Sunday of such a week."""
    sunday = week(day, later).last
    return Days(sunday - timedelta(days=1), sunday)


def month(day: date, later: int = 0) -> Days:
    """Return the month that ``day`` is in, or one so many months later."""
    first = day.replace(day=1) + relativedelta(months=later)
    return Days(first, first + relativedelta(months=1, days=-1))


def on_or_after(day: date, weekday: int) -> date:
    """Return the first such weekday from ``day`` on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def before(day: date, weekday: int) -> date:
    """Return the last such weekday before ``day``."""
    return on_or_after(day, weekday) - timedelta(days=7)


def weekday_in(days: Days, weekday: int, place: int) -> date | None:
    """Return the weekday in that place (1 is the first, -1 the last); None where there are not so many."""
    first = on_or_after(days.first, weekday)
    found = before(days.last + timedelta(days=1), weekday) if place < 0 else first + timedelta(weeks=place - 1)
    return found if found in days else None


def seventh(days: Days, place: int) -> Days | None:
    """Return the seven days in that place: the second week of a month is the 8th to the 14th, -1 the last seven."""
    first = days.last - timedelta(days=6) if place < 0 else days.first + timedelta(weeks=place - 1)
    last = min(days.last, first + timedelta(days=6))
    return Days(first, last) if first in days else None


def with_number(number: int, today: date, *, looks_back: bool = False) -> date | None:
    """Return the next day of a month that has this number, or the last one before today."""
    for months in range(12):
        try:
            day = month(today, -months if looks_back else months).first.replace(day=number)
        except ValueError:  # a month that is too short
            continue
        if day < today if looks_back else day >= today:
            return day
    return None


def in_year(
    number: int, of_month: int, today: date, *, year: int | None = None, looks_back: bool = False
) -> date | None:
    """Return the day with that number and month: of ``year``, else the one nearest to today; None if there is none."""
    years = (year,) if year else (today.year - 1, today.year) if looks_back else range(today.year - 1, today.year + 2)
    found = []
    for each in years:
        try:
            found.append(date(each, of_month, number))
        except ValueError:  # 31 February, or 29 in a year that has none
            continue
    if looks_back and not year:
        found = [day for day in found if day <= today]
    return min(found, key=lambda day: (abs((day - today).days), day), default=None)
