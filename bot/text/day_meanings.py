"""What single days, weeks, months and weekdays mean: functions of a line and of what a form's groups matched."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.text import days as count
from bot.text.day_grammar import Piece, TokenLine, amount, moved, number
from bot.text.day_tokens import Item
from bot.text.days import A_YEAR, Days
from bot.text.feasts import bank_holidays

Groups = Sequence[str]
_WEEK = 7


def dated(line: TokenLine, g: Groups) -> date | None:
    """Read a day and a month, in either order, and a year if there is one."""
    by_kind = {token[0] if token[0] in "MY" else "day": number(token) for token in g}
    year = by_kind.get("Y")
    return count.in_year(by_kind["day"], by_kind["M"], line.today, year=year, looks_back=line.looks_back())


def month(line: TokenLine, g: Groups) -> Days:
    """Read a month: the one to come, or the last one where the words look back."""
    back, year = line.looks_back(), number(g[1]) if len(g) > 1 else line.today.year
    first = date(year, number(g[0]), 1)
    if len(g) == 1 and back and first > line.today:
        first = first.replace(year=year - 1)
    if len(g) == 1 and not back and first < line.today.replace(day=1):
        first = first.replace(year=year + 1)
    return count.month(first)


def numbered(line: TokenLine, g: Groups) -> Sequence[Piece] | None:
    """Read the number of a day alone ("the 8th"); a word before it stays."""
    day = count.with_number(number(g[-1]), line.today, looks_back=line.looks_back())
    return None if day is None else [*g[:-1], day]


def numbered_after(line: TokenLine, g: Groups) -> Sequence[Piece] | None:
    """Read the second day of "the 22nd or 29th": of the month of the first, or the one after it."""
    first = line.item(g[0]).days.last
    if line.looks_back():
        return None
    day = count.with_number(number(g[2]), first)
    return None if day is None else [line.item(g[0]), g[1], day]


def of_month(line: TokenLine, g: Groups) -> date | None:
    """Read "the 5th of next month"."""
    days = that(line, (g[1], "month"))
    return days.first + timedelta(days=number(g[0]) - 1) if number(g[0]) <= len(days) else None


def that(line: TokenLine, g: Groups) -> Days:
    """Read "this week", "next weekend", "last month"."""
    step = {"last": -1, "past": -1, "next": 1}.get(g[0], 0)
    units = {"week": count.week, "weekend": count.weekend, "month": count.month}
    return units[g[1]](line.today, step)


def rest_of(line: TokenLine, g: Groups) -> Days:
    """Read "the rest of this month"."""
    return Days(line.today, that(line, ("this", g[0])).last)


def bank_holiday(line: TokenLine, g: Groups) -> date | None:
    """Read the next bank holiday, or the one of a month or a weekday."""
    days = bank_holidays(line.today, looks_back=line.looks_back())
    if g and g[0][0] == "W":
        days = [day for day in days if day.weekday() == line.weekday(g[0])]
    if g and g[0][0] == "M":
        days = [day for day in days if day.month == number(g[0])]
    return next(iter(days), None)


def nth(line: TokenLine, g: Groups) -> date | None:
    """Read "the second Tuesday in December"."""
    return count.weekday_in(line.item(g[2]).days, line.weekday(g[1]), number(g[0]))


def nth_week(line: TokenLine, g: Groups) -> Days | None:
    """Read "the second week of January"."""
    return count.seventh(line.item(g[1]).days, number(g[0]))


def part(line: TokenLine, g: Groups) -> Days:
    """Read "the end of December": about a third of it."""
    days = line.item(g[1]).days
    third = timedelta(days=len(days) // 3)
    if g[0] in ("start", "beginning", "early"):
        return Days(days.first, days.first + third)
    return (
        Days(days.last - third, days.last) if g[0] in ("end", "late") else Days(days.first + third, days.last - third)
    )


# Weekdays


def coming(line: TokenLine, g: Groups) -> Item:
    """Read "this Tuesday", "Tuesday coming"."""
    return line.item(g[0])


def upcoming(line: TokenLine, g: Groups) -> date:
    """Read "next Tuesday": the one of the week after this one."""
    return count.week(line.today).first + timedelta(days=_WEEK + line.weekday(g[0]))


def upcoming_but_one(line: TokenLine, g: Groups) -> date:
    """Read "the Tuesday after next": unsure, while this week's is still to come."""
    line.unsure = line.unsure or line.today < line.coming(line.raw(g[0])) < upcoming(line, g)
    return upcoming(line, g) + timedelta(weeks=1)


def last(line: TokenLine, g: Groups) -> date:
    """Read "last Tuesday"."""
    return count.before(line.today, line.weekday(g[0]))


def last_but_one(line: TokenLine, g: Groups) -> date:
    """Read "the Tuesday before last"."""
    return last(line, g) - timedelta(weeks=1)


def a_week_later(line: TokenLine, g: Groups) -> Item:
    """Read "Tuesday but one", "Tuesday the week after"."""
    return moved(line.item(g[0]), _WEEK)


def with_the_next(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "Tuesday or the week after": two days."""
    return [line.item(g[0]), "or", moved(line.item(g[0]), _WEEK)]


def with_the_one_before(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "last Tuesday and the one before": two days."""
    return [moved(line.item(g[0]), -_WEEK), "or", line.item(g[0])]


def not_this_but_next(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "not this Tuesday, the next one"."""
    item = line.item(g[0])
    return [replace(item, left_out=True), moved(item, _WEEK)]


def next_as_well(line: TokenLine, g: Groups) -> Days | None:
    """Read "I can do this week but I can't do next": next week, where a week is named before it."""
    return count.week(line.today, 1) if line.named("P") else None


def this_not_next(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "this Tuesday, not next Tuesday"."""
    item = line.item(g[0])
    return [item, replace(moved(item, _WEEK), left_out=True)]


def next_not_this(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "next Tuesday, not this Tuesday"."""
    item = line.item(g[0])
    return [moved(item, _WEEK), replace(item, left_out=True)]


def counted_on(line: TokenLine, g: Groups) -> Item:
    """Read "two weeks on Tuesday", "a week tomorrow", "a fortnight from the 8th"; unsure of "a month on Tuesday"."""
    line.unsure = line.unsure or (g[-1][0] == "W" and g[-2] == "month")
    return moved(line.item(g[-1]), amount(g[:-1]))


def counted_back(line: TokenLine, g: Groups) -> Item:
    """Read "Tuesday fortnight", "Tuesday two weeks"."""
    return moved(line.item(g[0]), amount(g[1:]))


def in_weeks(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "in two weeks on Tuesday": unsure, where counting weeks and counting from Tuesday do not agree."""
    weekday = next(token for token in g if token[0] == "W")
    ahead = amount([token for token in g if token != weekday])
    in_that_week = count.week(line.today, ahead // _WEEK).first + timedelta(days=line.weekday(weekday))
    line.unsure = line.unsure or in_that_week != line.coming(line.raw(weekday)) + timedelta(days=ahead)
    return [in_that_week]


def several(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "the next two Tuesdays"."""
    first = count.on_or_after(line.today, line.weekday(g[1]))
    return [first + timedelta(weeks=week) for week in range(min(number(g[0]), 9))]


def several_back(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Read "the last two Tuesdays"."""
    latest = count.before(line.today, line.weekday(g[1]))
    many = min(number(g[0]), 9)
    return [latest - timedelta(weeks=many - 1 - week) for week in range(many)]


def the_nth(line: TokenLine, g: Groups) -> date:
    """Read "in two Tuesdays' time"."""
    return count.on_or_after(line.today, line.weekday(g[1])) + timedelta(weeks=number(g[0]) - 1)


def nth_of_any_month(line: TokenLine, g: Groups) -> date | None:
    """Read "the first Tuesday of the month": of this one if it is to come, else of the next."""
    for later in (0, 1):
        day = count.weekday_in(count.month(line.today, later), line.weekday(g[1]), number(g[0]))
        if day and day >= line.today:
            return day
    return None


def every(line: TokenLine, g: Groups) -> Days:
    """Read "any Tuesday", "on Tuesdays"."""
    return Days(line.today, line.today + A_YEAR, line.weekday(g[0]))


def of_weekday(line: TokenLine, g: Groups) -> date:
    """Read "tuesdays session": the coming one, or the last one where the words look back."""
    return line.coming(line.raw(g[0]))


def every_other(line: TokenLine, g: Groups) -> Days:
    """Read "every other Tuesday": which ones are meant nobody can tell."""
    line.unsure = True
    return every(line, g)


def every_in(line: TokenLine, g: Groups) -> Item | None:
    """Read "every Tuesday in December"."""
    every_one, period = line.item(g[0]).days, line.item(g[1])
    if every_one.weekday is None:
        return None
    return replace(period, days=replace(period.days, weekday=every_one.weekday))


def together(line: TokenLine, g: Groups) -> Item | date | None:
    """Take a weekday and the date beside it for one day, or for the one in a week, or for those in a longer stretch."""
    weekday, other = sorted(g, key=lambda token: token[0], reverse=True)
    item = line.item(other)
    if other[0] == "D":
        return item
    if len(item.days) == _WEEK and item.days.weekday is None:
        return count.on_or_after(item.days.first, line.weekday(weekday))
    return replace(item, days=replace(item.days, weekday=line.weekday(weekday)))


def together_if_same(line: TokenLine, g: Groups) -> Item | None:
    """Take a weekday and a date further away for one day, if they are."""
    weekday, other = sorted(g, key=lambda token: token[0], reverse=True)
    item = line.item(other)
    return item if item.days.first.weekday() == line.weekday(weekday) else None
