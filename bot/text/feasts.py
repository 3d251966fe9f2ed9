"""Days that have a name: Christmas, Easter, bank holidays of England and Wales."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from bot.text.days import Days, before, on_or_after, one, week


@dataclass(frozen=True)
class Feast:
    """What a name means in a year: its days, and the days that "before" and "after" are counted from."""

    days: Callable[[int], Days]
    anchor: Callable[[int], Days]


def _fixed(month: int, day: int) -> Feast:
    return _alone(lambda year: date(year, month, day))


def _from_easter(days: int) -> Feast:
    return _alone(lambda year: easter(year) + timedelta(days=days))


def _alone(day: Callable[[int], date]) -> Feast:
    return Feast(lambda year: one(day(year)), lambda year: one(day(year)))


def _christmas_time(year: int) -> Days:
    """Return the days from the Monday of Christmas to New Year's Day: what people mean by "over Christmas"."""
    return Days(week(date(year, 12, 25)).first, date(year + 1, 1, 1))


def _january(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 1, 31))


_CHRISTMAS = "(?:christmas|xmas)"
_NEW_YEAR = "new years?(?:'s)?"
_EASTER = Feast(
    lambda year: Days(easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)),
    lambda year: Days(easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)),
)
FEASTS: tuple[tuple[re.Pattern[str], Feast], ...] = tuple(
    (re.compile(rf"(?:the )?(?:{name})(?![a-z0-9])"), feast)
    for name, feast in (
        (rf"{_CHRISTMAS} eve(?:ning)?", _fixed(12, 24)),
        (rf"{_CHRISTMAS} day|(?<=\bon ){_CHRISTMAS}", _fixed(12, 25)),
        ("boxing day|st stephens day", _fixed(12, 26)),
        (rf"{_NEW_YEAR} eve(?:ning)?|hogmanay", _fixed(12, 31)),
        (rf"{_NEW_YEAR} day", _fixed(1, 1)),
        (
            rf"{_CHRISTMAS}(?: (?:time|period|break|holidays?|week))*",
            Feast(_christmas_time, lambda year: Days(date(year, 12, 25), date(year, 12, 26))),
        ),
        (
            rf"(?<!happy ){_NEW_YEAR}(?: (?:time|period|break|holidays?|week))*(?! (?:group|job|one|venue|session))",
            Feast(
                lambda year: Days(date(year - 1, 12, 31), date(year, 1, 2)),
                lambda year: Days(date(year, 1, 1), date(year, 1, 1)),
            ),
        ),
        ("(?:in|into) the new year", Feast(_january, _january)),
        ("valentines?(?:'s)?(?: day)?", _fixed(2, 14)),
        ("(?:shrove tuesday|pancake (?:day|tuesday))", _from_easter(-47)),
        ("ash wednesday", _from_easter(-46)),
        ("(?:mothers?(?:'s)? day|mothering sunday)", _from_easter(-21)),
        ("palm sunday", _from_easter(-7)),
        ("maundy thursday", _from_easter(-3)),
        ("good friday", _from_easter(-2)),
        ("easter (?:sunday|day)", _from_easter(0)),
        ("easter monday", _from_easter(1)),
        ("easter(?: (?:time|week|weekend|break|holidays?|bank holiday))*", _EASTER),
        ("may day", _alone(lambda year: on_or_after(date(year, 5, 1), 0))),
        ("fathers?(?:'s)? day", _alone(lambda year: on_or_after(date(year, 6, 15), 6))),
        ("(?:spring|whit|whitsun|late may) bank holiday", _alone(lambda year: before(date(year, 6, 1), 0))),
        ("summer bank holiday", _alone(lambda year: before(date(year, 9, 1), 0))),
        ("halloween", _fixed(10, 31)),
        ("(?:bonfire night|guy fawkes(?: night)?)", _fixed(11, 5)),
        ("remembrance (?:sunday|day)", _alone(lambda year: on_or_after(date(year, 11, 8), 6))),
        ("black friday", _alone(lambda year: on_or_after(date(year, 11, 22), 3) + timedelta(days=1))),
    )
)
"""By what people call them, the longer names first."""


def occurrence(feast: Feast, today: date, *, year: int | None = None, looks_back: bool = False) -> tuple[Days, Days]:
    """Return the days and the anchor of a feast: of ``year``, else the next one that is not over, or the last one."""
    if year is None:
        years = range(today.year + 1, today.year - 2, -1) if looks_back else range(today.year - 1, today.year + 2)
        fits = (y for y in years if _fits(feast.days(y), today, looks_back=looks_back))
        year = next(fits, today.year)
    return feast.days(year), feast.anchor(year)


def bank_holidays(today: date, *, looks_back: bool = False) -> list[date]:
    """Return those of the year to come, the nearest first; or of the year before, the last one first."""
    import holidays

    years = range(today.year - 1, today.year + 2)
    days = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
    if looks_back:
        return [day for day in reversed(days) if today - timedelta(days=365) <= day < today]
    return [day for day in days if today <= day <= today + timedelta(days=365)]


def _fits(days: Days, today: date, *, looks_back: bool) -> bool:
    return days.first <= today if looks_back else days.last >= today
