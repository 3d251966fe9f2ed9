"""What days mean that are counted from other days, joined to a stretch, or left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.text import days as count
from bot.text.day_grammar import Piece, TokenLine, amount, number
from bot.text.day_tokens import Item
from bot.text.days import A_YEAR, Days, one

Groups = Sequence[str]
_WEEK = 7
_VERBS = frozenset(
    ["can", "could", "will", "do", "does", "did", "would", "should", "may", "might", "am", "have", "has", "why"]
)
"""A "not" behind one of these is the verb's: "I can not on Tuesday"."""


def distance(line: TokenLine, g: Groups) -> Days:
    """Read "in two weeks": the whole week, since it is seldom meant to the day."""
    many, unit = (number(g[0]) if len(g) > 1 else 1), g[-1]
    if unit == "day":
        return one(line.today + timedelta(days=many))
    return count.month(line.today, many) if unit == "month" else count.week(line.today, amount(g) // _WEEK)


def ago(line: TokenLine, g: Groups) -> Days:
    """Read "two weeks ago"."""
    many, unit = number(g[0]), g[1]
    if unit == "day":
        return one(line.today - timedelta(days=many))
    return count.month(line.today, -many) if unit == "month" else count.week(line.today, -amount(g) // _WEEK)


def coming_weeks(line: TokenLine, g: Groups) -> Days:
    """Read "the next two weeks"."""
    return Days(line.today, line.today + timedelta(days=amount(g)))


def weekday_beside(line: TokenLine, g: Groups) -> date:
    """Read "the Tuesday before Christmas"."""
    weekday, anchor = line.weekday(g[0]), line.item(g[2]).anchor
    if g[1] == "before":
        return count.before(anchor.first, weekday)
    return count.on_or_after(anchor.last + timedelta(days=1), weekday)


def day_beside(line: TokenLine, g: Groups) -> date:
    """Read "the day after Boxing Day"."""
    anchor = line.item(g[1]).anchor
    return anchor.first - timedelta(days=1) if g[0] == "before" else anchor.last + timedelta(days=1)


def week_beside(line: TokenLine, g: Groups) -> Days:
    """Read "the week before Christmas": the seven days before it, and all of the week before its own."""
    anchor = line.item(g[1]).anchor
    if g[0] == "before":
        return Days(count.week(anchor.first, -1).first, anchor.first - timedelta(days=1))
    return Days(anchor.last + timedelta(days=1), count.week(anchor.last, 1).last)


def weekend_beside(line: TokenLine, g: Groups) -> Days:
    """Read "the weekend after the 8th"."""
    saturday = _saturday(line, g)
    return Days(saturday, saturday + timedelta(days=1))


def distance_beside(line: TokenLine, g: Groups) -> date:
    """Read "two days before Christmas"."""
    anchor, days = line.item(g[-1]).anchor, timedelta(days=amount(g[:-2]))
    return anchor.first - days if g[-2] == "before" else anchor.last + days


def week_of(line: TokenLine, g: Groups) -> Days:
    """Read "the week of the 7th"."""
    return count.week(line.item(g[0]).days.first)


def weekend_of(line: TokenLine, g: Groups) -> Days:
    """Read "the weekend of the 12th"."""
    return count.weekend(line.item(g[0]).days.first)


# From one day to another


def from_to(line: TokenLine, g: Groups) -> Days | None:
    """Join two days to a stretch; the second one comes after the first, a week or a month later where it has to."""
    first, last_day = line.item(g[0]).days, line.item(g[1]).days
    end = last_day.last
    if end < first.first and g[1][0] == "W":
        end = count.on_or_after(first.first, end.weekday())
    if end < first.first and len(last_day) == 1:
        end = count.with_number(end.day, first.last) or end
    return _stretch(first.first, end)


def between(line: TokenLine, g: Groups) -> Days | None:
    """Read "between Christmas and New Year", the days in between; or between two days, with both."""
    one_, other = line.item(g[0]), line.item(g[1])
    if len(one_.days) == len(other.days) == 1:
        return from_to(line, g)
    start, end = one_.anchor.last + timedelta(days=1), other.anchor.first - timedelta(days=1)
    return _stretch(start, end) or _stretch(start, end.replace(year=end.year + 1))


def weeks_from(line: TokenLine, g: Groups) -> Days:
    """Read "for two weeks from the 1st"."""
    at = next(place for place, token in enumerate(g) if token[0] in "WDP")
    first = line.item(g[at]).days.first
    return Days(first, first + timedelta(days=amount([*g[:at], *g[at + 1 :]]) - 1))


def from_then_on(line: TokenLine, g: Groups) -> Days:
    """Read "from the 8th on"."""
    first = line.item(g[0]).days.first
    return Days(first, first + A_YEAR)


def after(line: TokenLine, g: Groups) -> Days:
    """Read "after Christmas"."""
    first = line.item(g[0]).anchor.last + timedelta(days=1)
    return Days(first, first + A_YEAR)


def before(line: TokenLine, g: Groups) -> Days | None:
    """Read "before Christmas": from now on."""
    return _stretch(line.today, line.item(g[0]).anchor.first - timedelta(days=1))


def until(line: TokenLine, g: Groups) -> Days | None:
    """Read "until the 8th": that day is in it, since some mean it so; of "until January", January is not."""
    item = line.item(g[0])
    return _stretch(line.today, item.days.last) if len(item.days) == 1 else before(line, g)


def until_end(line: TokenLine, g: Groups) -> Days | None:
    """Read "until after Christmas", "until the end of December"."""
    return _stretch(line.today, line.item(g[0]).anchor.last)


def since(line: TokenLine, g: Groups) -> Days | None:
    """Read "since the 8th"."""
    item = line.raw(g[0])
    first = count.before(line.today, item.weekday) if item.weekday is not None else item.days.first
    return _stretch(first, line.today)


# What is not meant


def left_out(line: TokenLine, g: Groups) -> Sequence[Piece] | None:
    """Leave out the day of "not Tuesday"; a verb's "not" is none, nor is "is it not Tuesday?" with no other day."""
    previous, item = (g[0] if len(g) > 1 else ""), line.item(g[-1])
    if previous in _VERBS:
        return None
    if previous in ("is", "are", "it", "was") and len(line.named("WDP")) == 1:
        return None
    return [*g[:-1], replace(item, left_out=True)]


def both_left_out(line: TokenLine, g: Groups) -> Sequence[Piece]:
    """Leave out both days of "not Tuesday or Wednesday"."""
    return [line.raw(g[0]), replace(line.item(g[1]), left_out=True)]


def not_then(line: TokenLine, g: Groups) -> Item:
    """Leave out the day of "back on the 10th"."""
    return replace(line.item(g[0]), left_out=True)


def _saturday(line: TokenLine, g: Groups) -> date:
    anchor = line.item(g[1]).anchor
    saturday = 5
    if g[0] == "before":
        return count.before(anchor.first, saturday)
    return count.on_or_after(anchor.last + timedelta(days=1), saturday)


def _stretch(first: date, last_day: date) -> Days | None:
    return Days(first, last_day) if first <= last_day else None
