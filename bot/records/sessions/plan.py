"""Plans a group's sessions: from a start, on certain weekdays, none on a bank holiday of England."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import holidays

from bot.records.enums import ScheduleOption
from bot.records.sessions.programmes import Numbers

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class PlanError(ValueError):
    """What was asked for cannot be planned; the message says what was expected."""


@dataclass(frozen=True)
class Planned:
    """One session, in local time."""

    number: int
    block: int
    starts_at: datetime
    ends_at: datetime


def plan(
    numbers: Numbers,
    option: ScheduleOption,
    start: date,
    weekdays: Collection[int],
    begins: time | None = None,
    block_sessions: int = 7,
) -> Iterator[Planned]:
    """Yield the programme's sessions in order. ``weekdays`` count from Monday, 0; ``begins`` is local time."""
    window = numbers.options[option]
    begins = begins or window.earliest
    length = timedelta(minutes=numbers.session_minutes)
    ends = (datetime.combine(start, begins) + length).time()
    if not weekdays:
        raise PlanError(f"no weekday: expected some of {', '.join(WEEKDAYS)}")
    if begins < window.earliest or ends > window.latest or ends < begins:
        earliest, latest = window.earliest.isoformat("minutes"), window.latest.isoformat("minutes")
        raise PlanError(f"{begins} to {ends} is no time of the {option.value} option: expected {earliest} to {latest}")
    if block_sessions < 1:
        raise PlanError(f"{block_sessions} sessions in a block: expected 1 or more")
    days = _days(start, frozenset(weekdays))
    for number in range(1, numbers.sessions + 1):
        at = datetime.combine(next(days), begins)
        yield Planned(number, (number - 1) // block_sessions + 1, at, at + length)


def bank_holiday(day: date) -> str | None:
    """Return the name of the bank holiday of England that a day is; None for any other day."""
    name = holidays.country_holidays("GB", subdiv="ENG").get(day)
    return str(name) if name else None


def _days(start: date, weekdays: frozenset[int]) -> Iterator[date]:
    free = holidays.country_holidays("GB", subdiv="ENG")
    day = start
    while True:
        if day.weekday() in weekdays and day not in free:
            yield day
        day += timedelta(days=1)
