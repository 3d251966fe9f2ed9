"""Words that say when, in the form that the grammar of days reads: "the 2nd tuesday in dec" is "the O2 W1 in M12".

N is a number, O an ordinal in digits, S one in letters, M a month, Y a year; what is a day by itself is an item: W a
weekday, WW several of them ("tuesdays"), D a day, P a stretch of days, X days that are left out.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil import parser

from bot.text.days import Days, one
from bot.text.feasts import FEASTS, Feast, occurrence
from bot.text.tense import looks_back

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTHS = {
    name.lower(): number for names in (calendar.month_name, calendar.month_abbr) for number, name in enumerate(names)
}
_MONTHS = {name: number for name, number in _MONTHS.items() if name} | {"sept": 9}
_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_UNITS = {"days": "day", "weeks": "week", "weekends": "weekend", "months": "month", "fortnights": "fortnight"}
_TENS = {"twenty": 20, "thirty": 30, "thirtieth": 30}
_TOKEN = re.compile(
    r"\d+(?=-\d+ (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"  # 5-12 december, not 5 december
    r"|\d{4}-\d{2}-\d{2}|\d+(?:[./-]\d+)+(?![a-z])|\d+[a-z]*"
    r"|(?:twenty|thirty)[- ](?:[a-z]+(?:st|nd|rd|th))\b|(?:a )?couple(?: of)?\b|(?:a )?few\b"
    r"|[a-z]+(?:'[a-z]*)?|[^\sa-z0-9]"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:\d{2}|\d{4}))?")
_ORDINAL = re.compile(r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class Item:
    """A day or days that were named."""

    days: Days
    anchor: Days
    """What "before" and "after" are counted from."""
    weekday: int | None = None
    looks_back: bool = False
    """Whether what is said about it is past."""
    left_out: bool = False
    """Whether it is the day that is not meant."""


@dataclass(frozen=True)
class Token:
    """A word as the grammar reads it, and as it was written."""

    form: str
    written: str
    place: int
    """Where it begins in the text."""
    item: Item | None = None


def tokens(text: str, today: date) -> list[Token]:
    """Return the tokens of normalised ``text``."""
    return list(_tokens(text, today))


def _tokens(text: str, today: date) -> Iterator[Token]:
    place = 0
    while match := _TOKEN.search(text, place):
        start = match.start()
        named = _feast(text, start)
        if named:
            feast, written, year = named
            days, anchor = occurrence(feast, today, year=year, looks_back=looks_back(text, start))
            yield Token("D" if days.first == days.last else "P", written, start, Item(days, anchor))
            place = start + len(written)
            continue
        yield _token(match.group(), text, start, today)
        place = match.end()


def _feast(text: str, start: int) -> tuple[Feast, str, int | None] | None:
    for pattern, feast in FEASTS:
        match = pattern.match(text, start)
        if match:
            year = re.compile(r" (20\d\d)\b").match(text, match.end())
            written = text[start : year.end() if year else match.end()]
            return feast, written, int(year[1]) if year else None
    return None


def _token(word: str, text: str, start: int, today: date) -> Token:
    weekday = _weekday(word)
    if weekday:
        number, several = weekday
        days = Days(today, today, number)
        return Token("WW" if several else "W", word, start, Item(days, days, number, looks_back(text, start)))
    if _DATE.fullmatch(word) and not re.search(r"\b(?:at|session|number)$", text[:start].rstrip()):
        day = nearest(word, today)
        if day:
            return Token("D", word, start, Item(one(day), one(day)))
    return Token(_form(word), word, start)


def _weekday(word: str) -> tuple[int, bool] | None:
    """Return which weekday a word is, and whether it means several: "tuesdays"."""
    if word in _WEEKDAYS:
        return _WEEKDAYS[word], False
    singular = re.sub(r"'?s$", "", word)
    return (_WEEKDAYS[singular], "'" not in word) if singular in _WEEKDAYS else None


def _form(word: str) -> str:
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return f"O{int(ordinal[1])}"
    if word in _ORDINALS:
        return f"S{_ORDINALS.index(word) + 1}"
    tens, _, ones = word.replace("-", " ").partition(" ")
    if tens in _TENS and (ones in _ORDINALS or tens == "thirtieth"):
        return f"S{_TENS[tens] + (_ORDINALS.index(ones) + 1 if ones else 0)}"
    if word in _NUMBERS:
        return f"N{_NUMBERS.index(word) + 1}"
    if _YEAR.fullmatch(word):
        return f"Y{word}"
    if word.isdecimal() and len(word) <= 2:
        return f"N{int(word)}"
    if word in _MONTHS:
        return f"M{_MONTHS[word]}"
    if word.endswith(("couple of", "couple", "few")):
        return "N2" if "couple" in word else "N3"
    return _UNITS.get(word.replace("'", ""), word)


def nearest(text: str, today: date) -> date | None:
    """Return a date written in figures; one without a year is the nearest to today, past or to come."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            day_first = not text[:4].isdecimal()
            read = parser.parse(text.replace(".", "/"), dayfirst=day_first, default=parser.parse(f"{year}-01-01"))
        except (ValueError, OverflowError):
            continue  # 31 February, or 29 in a year that has none
        found.append(read.date())
    return min(found, key=lambda day: (abs((day - today).days), day), default=None)
