"""Dates as people write them: what the pipeline found ("next tuesday", "14/12") becomes days. No clock in here."""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil import parser
from dateutil.relativedelta import relativedelta

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_DAYS_OFF = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
_IN = re.compile(r"in (?P<count>\d+|a|one|two|three|four) (?P<unit>day|week|month)s?")
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_PERIOD = re.compile(r"(?P<which>this|next|last) (?P<unit>weekend|week|month)")
_IN_MONTH = re.compile(r"in (?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: \d{4})?)")
_ORDINAL = re.compile(r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)")


@dataclass(frozen=True)
class Days:
    """A day, or all days from the first to the last."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class When:
    """What a message says about when: days, the number of a session, or nothing."""

    days: Days | None = None
    session: int | None = None


def when(entities: Iterable[Mapping[str, Any]], today: date) -> When:
    """Return what the entities of one message say, seen from ``today``.

    A date tells more than the weekday beside it ("Wednesday 2 December"), unless it is a week ("Thursday next week").
    """
    found = [(entity["entity"], str(entity["value"])) for entity in entities]
    numbers = [int(re.sub(r"\D", "", value)) for label, value in found if label == "session_number"]
    dates = [days for label, value in found if label == "date" and (days := _days(value, today))]
    weekdays = [days for label, value in found if label == "weekday" and (days := _days(value, today))]
    return When(_together(dates, weekdays), numbers[0] if numbers else None)


def _together(dates: list[Days], weekdays: list[Days]) -> Days | None:
    if not dates or not weekdays:
        return next(iter(dates + weekdays), None)
    period, weekday = dates[0], weekdays[0].first.weekday()
    inside = period.first + timedelta(days=(weekday - period.first.weekday()) % 7)
    return Days(inside, inside) if (period.last - period.first).days == 6 else period


def _days(text: str, today: date) -> Days | None:
    if text in _DAYS_OFF:
        return _one(today + timedelta(days=_DAYS_OFF[text]))
    fixed = _fixed_distance(text, today)
    if fixed:
        return fixed
    which, _, name = text.rpartition(" ")
    if name in _WEEKDAYS:
        return _one(_weekday(which, _WEEKDAYS[name], today))
    period = _PERIOD.fullmatch(text)
    if period:
        return _period(period["which"], period["unit"], today)
    distance = _IN.fullmatch(text)
    if distance:
        count = _COUNTS.get(distance["count"]) or int(distance["count"])
        return _distance(count, distance["unit"], today)
    ordinal = _ORDINAL.fullmatch(text)
    day = _next_with_number(int(ordinal["day"]), today) if ordinal else _date(text, today)
    return _one(day) if day else None


def _fixed_distance(text: str, today: date) -> Days | None:
    """Return what "a week on thursday", "monday week", "the week after next" and "in december" say."""
    if text == "week after next":
        return _distance(2, "week", today)
    if text == "in a fortnight":
        return _distance(2, "week", today)
    name = text.removeprefix("a week on ") if text.startswith("a week on ") else text.removesuffix(" week")
    if name != text and name in _WEEKDAYS:
        return _one(_weekday("", _WEEKDAYS[name], today) + timedelta(weeks=1))
    month = _IN_MONTH.fullmatch(text)
    if month is None:
        return None
    found = _date(f"1 {month['month']}", today)
    if found is None:
        return None
    first = found if found >= today.replace(day=1) else found + relativedelta(years=1)
    return Days(first, first + relativedelta(months=1, days=-1))


def _one(day: date) -> Days:
    return Days(day, day)


def _weekday(which: str, weekday: int, today: date) -> date:
    ahead = (weekday - today.weekday()) % 7
    if which == "last":
        return today + timedelta(days=ahead - 7)
    if which == "next":  # that of the week after this one, weeks beginning on Monday
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + weekday)
    return today + timedelta(days=ahead)


def _period(which: str, unit: str, today: date) -> Days:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "month":
        first = today.replace(day=1) + relativedelta(months=step)
        return Days(first, first + relativedelta(months=1, days=-1))
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
    sunday = monday + timedelta(days=6)
    return Days(sunday - timedelta(days=1), sunday) if unit == "weekend" else Days(monday, sunday)


def _distance(count: int, unit: str, today: date) -> Days:
    if unit == "day":
        return _one(today + timedelta(days=count))
    if unit == "week":  # "in two weeks" is seldom meant to the day
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=count)
        return Days(monday, monday + timedelta(days=6))
    first = today.replace(day=1) + relativedelta(months=count)
    return Days(first, first + relativedelta(months=1, days=-1))


def _next_with_number(number: int, today: date) -> date | None:
    for months in range(12):
        first = today.replace(day=1) + relativedelta(months=months)
        try:
            day = first.replace(day=number)
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _date(text: str, today: date) -> date | None:
    """Return a date with its month; one without a year is the nearest to ``today``, past or to come."""
    nearest = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            day_first = not text[:4].isdecimal()
            found = parser.parse(text.replace(".", "/"), dayfirst=day_first, default=datetime(year, 1, 1)).date()
        except (ValueError, OverflowError):
            continue  # 31 February, or 29 in a year that has none
        nearest.append(found)
    return min(nearest, key=lambda day: (abs((day - today).days), day)) if nearest else None
