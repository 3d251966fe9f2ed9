"""What the forms of :mod:`bot.text.day_forms` mean: functions of a line and of what a form's groups matched."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.text import days as count
from bot.text.day_grammar import Line, Piece
from bot.text.day_tokens import Item
from bot.text.days import A_YEAR, Days, one
from bot.text.feasts import bank_holidays

Groups = Sequence[str]
_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_WEEK = 7
_VERBS = frozenset(["can", "could", "will", "do", "does", "did", "would", "should", "may", "might", "am", "have", "has", "why"])
"""A "not" behind one of these is the verb's: "I can not on Tuesday"."""


def number(token: str) -> int:
    """Return what N2, O2, S2, M2 or Y2 says; "a" is one, "last" the first from the end, "to" a 2 that was misread."""
    words = {"last": -1, "to": 2}
    return words.get(token) or int(re.sub(r"\D", "", token) or 1)


def amount(groups: Groups) -> int:
    """Return how many days "2 weeks", "a week" or "fortnight" are; the unit is the last group."""
    unit = groups[-1]
    return (number(groups[0]) if len(groups) > 1 else 1) * _UNITS[unit]


# Single days, and stretches that a calendar has


def dated(line: Line, g: Groups) -> date | None:
    """Read a day and a month, in either order, and a year if there is one."""
    by_kind = {token[0] if token[0] in "MY" else "day": number(token) for token in g}
    year = by_kind.get("Y")
    return count.in_year(by_kind["day"], by_kind["M"], line.today, year=year, looks_back=line.looks_back())


def month(line: Line, g: Groups) -> Days:
    """Read a month: the one to come, or the last one where the words look back."""
    back, year = line.looks_back(), number(g[1]) if len(g) > 1 else line.today.year
    first = date(year, number(g[0]), 1)
    if len(g) == 1 and back and first > line.today:
        first = first.replace(year=year - 1)
    if len(g) == 1 and not back and first < line.today.replace(day=1):
        first = first.replace(year=year + 1)
    return count.month(first)


def numbered(line: Line, g: Groups) -> Sequence[Piece] | None:
    """Read the number of a day alone ("the 8th"); a word before it stays."""
    day = count.with_number(number(g[-1]), line.today, looks_back=line.looks_back())
    return None if day is None else [*g[:-1], day]


def of_month(line: Line, g: Groups) -> date | None:
    """Read "the 5th of next month"."""
    days = that(line, (g[1], "month"))
    return days.first + timedelta(days=number(g[0]) - 1) if number(g[0]) <= len(days) else None


def that(line: Line, g: Groups) -> Days:
    """Read "this week", "next weekend", "last month"."""
    step = {"last": -1, "past": -1, "next": 1}.get(g[0], 0)
    units = {"week": count.week, "weekend": count.weekend, "month": count.month}
    return units[g[1]](line.today, step)


def rest_of(line: Line, g: Groups) -> Days:
    """Read "the rest of this month"."""
    return Days(line.today, that(line, ("this", g[0])).last)


def bank_holiday(line: Line, g: Groups) -> date | None:
    """Read the next bank holiday, or the one of a month or a weekday."""
    days = bank_holidays(line.today, looks_back=line.looks_back())
    if g and g[0][0] == "W":
        days = [day for day in days if day.weekday() == line.weekday(g[0])]
    if g and g[0][0] == "M":
        days = [day for day in days if day.month == number(g[0])]
    return next(iter(days), None)


def nth(line: Line, g: Groups) -> date | None:
    """Read "the second Tuesday in December"."""
    return count.weekday_in(line.item(g[2]).days, line.weekday(g[1]), number(g[0]))


def nth_week(line: Line, g: Groups) -> Days | None:
    """Read "the second week of January"."""
    return count.seventh(line.item(g[1]).days, number(g[0]))


def part(line: Line, g: Groups) -> Days:
    """Read "the end of December": about a third of it."""
    days = line.item(g[1]).days
    third = timedelta(days=len(days) // 3)
    if g[0] in ("start", "beginning", "early"):
        return Days(days.first, days.first + third)
    return (
        Days(days.last - third, days.last) if g[0] in ("end", "late") else Days(days.first + third, days.last - third)
    )


# Weekdays


def coming(line: Line, g: Groups) -> Item:
    """Read "this Tuesday", "Tuesday coming"."""
    return line.item(g[0])


def upcoming(line: Line, g: Groups) -> date:
    """Read "next Tuesday": the one of the week after this one."""
    return count.week(line.today).first + timedelta(days=_WEEK + line.weekday(g[0]))


def upcoming_but_one(line: Line, g: Groups) -> date:
    """Read "the Tuesday after next"."""
    return upcoming(line, g) + timedelta(weeks=1)


def last(line: Line, g: Groups) -> date:
    """Read "last Tuesday"."""
    return count.before(line.today, line.weekday(g[0]))


def last_but_one(line: Line, g: Groups) -> date:
    """Read "the Tuesday before last"."""
    return last(line, g) - timedelta(weeks=1)


def a_week_later(line: Line, g: Groups) -> Item:
    """Read "Tuesday but one", "Tuesday the week after"."""
    return _moved(line.item(g[0]), _WEEK)


def with_the_next(line: Line, g: Groups) -> Sequence[Piece]:
    """Read "Tuesday or the week after": two days."""
    return [line.item(g[0]), "or", _moved(line.item(g[0]), _WEEK)]


def not_this_but_next(line: Line, g: Groups) -> Sequence[Piece]:
    """Read "not this Tuesday, the next one"."""
    item = line.item(g[0])
    return [replace(item, left_out=True), _moved(item, _WEEK)]


def counted_on(line: Line, g: Groups) -> Item:
    """Read "two weeks on Tuesday", "a week tomorrow", "a fortnight from the 8th"."""
    return _moved(line.item(g[-1]), amount(g[:-1]))


def counted_back(line: Line, g: Groups) -> Item:
    """Read "Tuesday fortnight", "Tuesday two weeks"."""
    return _moved(line.item(g[0]), amount(g[1:]))


def in_weeks(line: Line, g: Groups) -> Sequence[Piece]:
    """Read "in two weeks on Tuesday": unsure, where counting weeks and counting from Tuesday do not agree."""
    weekday = next(token for token in g if token[0] == "W")
    ahead = amount([token for token in g if token != weekday])
    in_that_week = count.week(line.today, ahead // _WEEK).first + timedelta(days=line.weekday(weekday))
    line.unsure = line.unsure or in_that_week != line.coming(line.raw(weekday)) + timedelta(days=ahead)
    return [in_that_week]


def several(line: Line, g: Groups) -> Sequence[Piece]:
    """Read "the next two Tuesdays"."""
    first = count.on_or_after(line.today, line.weekday(g[1]))
    return [first + timedelta(weeks=week) for week in range(min(number(g[0]), 9))]


def every(line: Line, g: Groups) -> Days:
    """Read "any Tuesday", "on Tuesdays"."""
    return Days(line.today, line.today + A_YEAR, line.weekday(g[0]))


def of_weekday(line: Line, g: Groups) -> date:
    """Read "tuesdays session": the coming one."""
    return count.on_or_after(line.today, line.weekday(g[0]))


def every_other(line: Line, g: Groups) -> Days:
    """Read "every other Tuesday": which ones are meant nobody can tell."""
    line.unsure = True
    return every(line, g)


def every_in(line: Line, g: Groups) -> Item | None:
    """Read "every Tuesday in December"."""
    every_one, period = line.item(g[0]).days, line.item(g[1])
    if every_one.weekday is None:
        return None
    return replace(period, days=replace(period.days, weekday=every_one.weekday))


def together(line: Line, g: Groups) -> Item | date | None:
    """Take a weekday and the date beside it for one day, or for the one in a week, or for those in a longer stretch."""
    weekday, other = sorted(g, key=lambda token: token[0], reverse=True)
    item = line.item(other)
    if other[0] == "D":
        return item
    if len(item.days) == _WEEK and item.days.weekday is None:
        return count.on_or_after(item.days.first, line.weekday(weekday))
    return replace(item, days=replace(item.days, weekday=line.weekday(weekday)))


def together_if_same(line: Line, g: Groups) -> Item | None:
    """Take a weekday and a date further away for one day, if they are."""
    weekday, other = sorted(g, key=lambda token: token[0], reverse=True)
    item = line.item(other)
    return item if item.days.first.weekday() == line.weekday(weekday) else None


# Counted from another day


def distance(line: Line, g: Groups) -> Days:
    """Read "in two weeks": the whole week, since it is seldom meant to the day."""
    many, unit = (number(g[0]) if len(g) > 1 else 1), g[-1]
    if unit == "day":
        return one(line.today + timedelta(days=many))
    return count.month(line.today, many) if unit == "month" else count.week(line.today, amount(g) // _WEEK)


def ago(line: Line, g: Groups) -> Days:
    """Read "two weeks ago"."""
    many, unit = number(g[0]), g[1]
    if unit == "day":
        return one(line.today - timedelta(days=many))
    return count.month(line.today, -many) if unit == "month" else count.week(line.today, -amount(g) // _WEEK)


def coming_weeks(line: Line, g: Groups) -> Days:
    """Read "the next two weeks"."""
    return Days(line.today, line.today + timedelta(days=amount(g)))


def weekday_beside(line: Line, g: Groups) -> date:
    """Read "the Tuesday before Christmas"."""
    weekday, anchor = line.weekday(g[0]), line.item(g[2]).anchor
    if g[1] == "before":
        return count.before(anchor.first, weekday)
    return count.on_or_after(anchor.last + timedelta(days=1), weekday)


def day_beside(line: Line, g: Groups) -> date:
    """Read "the day after Boxing Day"."""
    anchor = line.item(g[1]).anchor
    return anchor.first - timedelta(days=1) if g[0] == "before" else anchor.last + timedelta(days=1)


def week_beside(line: Line, g: Groups) -> Days:
    """Read "the week before Christmas": the seven days before it, and all of the week before its own."""
    anchor = line.item(g[1]).anchor
    if g[0] == "before":
        return Days(count.week(anchor.first, -1).first, anchor.first - timedelta(days=1))
    return Days(anchor.last + timedelta(days=1), count.week(anchor.last, 1).last)


def weekend_beside(line: Line, g: Groups) -> Days:
    """Read "the weekend after the 8th"."""
    saturday = _saturday(line, g)
    return Days(saturday, saturday + timedelta(days=1))


def distance_beside(line: Line, g: Groups) -> date:
    """Read "two days before Christmas"."""
    anchor, days = line.item(g[-1]).anchor, timedelta(days=amount(g[:-2]))
    return anchor.first - days if g[-2] == "before" else anchor.last + days


def week_of(line: Line, g: Groups) -> Days:
    """Read "the week of the 7th"."""
    return count.week(line.item(g[0]).days.first)


def weekend_of(line: Line, g: Groups) -> Days:
    """Read "the weekend of the 12th"."""
    return count.weekend(line.item(g[0]).days.first)


# From one day to another


def from_to(line: Line, g: Groups) -> Days | None:
    """Join two days to a stretch; the second one comes after the first, a week or a month later where it has to."""
    first, last_day = line.item(g[0]).days, line.item(g[1]).days
    end = last_day.last
    if end < first.first and g[1][0] == "W":
        end = count.on_or_after(first.first, end.weekday())
    if end < first.first and len(last_day) == 1:
        end = count.with_number(end.day, first.last) or end
    return _stretch(first.first, end)


def between(line: Line, g: Groups) -> Days | None:
    """Read "between Christmas and New Year", the days in between; or between two days, with both."""
    one_, other = line.item(g[0]), line.item(g[1])
    if len(one_.days) == len(other.days) == 1:
        return from_to(line, g)
    start, end = one_.anchor.last + timedelta(days=1), other.anchor.first - timedelta(days=1)
    return _stretch(start, end) or _stretch(start, end.replace(year=end.year + 1))


def weeks_from(line: Line, g: Groups) -> Days:
    """Read "for two weeks from the 1st"."""
    at = next(place for place, token in enumerate(g) if token[0] in "WDP")
    first = line.item(g[at]).days.first
    return Days(first, first + timedelta(days=amount([*g[:at], *g[at + 1 :]]) - 1))


def from_then_on(line: Line, g: Groups) -> Days:
    """Read "from the 8th on"."""
    first = line.item(g[0]).days.first
    return Days(first, first + A_YEAR)


def after(line: Line, g: Groups) -> Days:
    """Read "after Christmas"."""
    first = line.item(g[0]).anchor.last + timedelta(days=1)
    return Days(first, first + A_YEAR)


def before(line: Line, g: Groups) -> Days | None:
    """Read "before Christmas": from now on."""
    return _stretch(line.today, line.item(g[0]).anchor.first - timedelta(days=1))


def until(line: Line, g: Groups) -> Days | None:
    """Read "until the 8th": that day is in it, since some mean it so."""
    return _stretch(line.today, line.item(g[0]).days.last)


def since(line: Line, g: Groups) -> Days | None:
    """Read "since the 8th"."""
    item = line.raw(g[0])
    first = count.before(line.today, item.weekday) if item.weekday is not None else item.days.first
    return _stretch(first, line.today)


# What is not meant


def left_out(line: Line, g: Groups) -> Sequence[Piece] | None:
    """Leave out the day of "not Tuesday"; a verb's "not" is none, nor is "is it not Tuesday?" with no other day."""
    previous, item = (g[0] if len(g) > 1 else ""), line.item(g[-1])
    if previous in _VERBS:
        return None
    if previous in ("is", "are", "it", "was") and len(line.named("WDP")) == 1:
        return None
    return [*g[:-1], replace(item, left_out=True)]


def both_left_out(line: Line, g: Groups) -> Sequence[Piece]:
    """Leave out both days of "not Tuesday or Wednesday"."""
    return [line.raw(g[0]), replace(line.item(g[1]), left_out=True)]


def not_then(line: Line, g: Groups) -> Item:
    """Leave out the day of "back on the 10th"."""
    return replace(line.item(g[0]), left_out=True)


def _moved(item: Item, days: int) -> Item:
    later = count.later(item.days, days)
    return Item(later, later)


def _saturday(line: Line, g: Groups) -> date:
    anchor = line.item(g[1]).anchor
    saturday = 5
    if g[0] == "before":
        return count.before(anchor.first, saturday)
    return count.on_or_after(anchor.last + timedelta(days=1), saturday)


def _stretch(first: date, last_day: date) -> Days | None:
    return Days(first, last_day) if first <= last_day else None
