"""Runs of digits in a message: which can be six digits of a PIN, and which are a date, a time or another number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

DIGITS = 6
_RUN = re.compile(r"(?<![\w+@])(?<![A-Za-z][-/_])\d(?:(?: ?[-./,_:'*~|\\] ?| )?\d)*")
"""Digits with at most one mark between two of them, which begin no part of a word or of an international number."""
_TELEPHONE = re.compile(r"\+ ?\d[\d ()-]{6,}\d|(?<!\d)0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}(?!\d)")
_ADJACENT = re.compile(r"[^\W\d_]+|@")
_UNITS = re.compile(r"[ap]m|st|nd|rd|th|hrs?|mins?|wks?|weeks?|days?|km|kg", re.IGNORECASE)
_OF_SOMETHING = re.compile(
    r"\b(?:on|case|crn|ref|reference|urn|account|acc|ticket|order|tel|phone|mobile|mob|call|ring|text|sessions?|sesh|"
    r"date|dated|room|bus|pounds?|dob|born|birthday|nomis|noms|prison|nhs|ni|serial|missed|at|until|till|from)"
    r"(?:\W+(?:no|num|number|is|was|on|the|nr|id|me))*\W*$|£ ?$",
    re.IGNORECASE,
)
"""Words right before digits that say what they are the number of."""
_LONGEST_BEFORE = 40
_LAST_SESSION = 60
_CENTURIES = ("19", "20")
_LAST_YEAR = 50


class DigitReading(Enum):
    """What a run of digits can be."""

    PIN = "pin"
    EITHER = "either"  # a PIN if nothing else is said, or else a date, a time or a list of numbers
    OTHER = "other"


@dataclass(frozen=True)
class Run:
    """Six digits, and where they stand."""

    start: int
    end: int
    digits: str
    reading: DigitReading


def digits(text: str) -> str:
    """Return the digits of ``text`` alone."""
    return re.sub(r"[^0-9]", "", text)


def runs(text: str) -> list[Run]:
    """Return what six digits there are in ``text``, with how each can be read."""
    text = _TELEPHONE.sub(lambda number: "#" * len(number[0]), text)
    return [run for found in _RUN.finditer(text) if not _of_something(text, found) for run in _sixes(found)]


def leading(run: str) -> str:
    """Return the first six digits of ``run``, with their marks, where they stand apart from the rest; else all."""
    for found in re.finditer(r"[ ,;]+", run):
        if len(digits(run[: found.start()])) == DIGITS:
            return run[: found.start()]
    return run


def has_year(run: str) -> bool:
    """Tell whether ``run`` is a date with a year of four digits."""
    groups = re.findall(r"\d+", run)
    return sorted(map(len, groups)) in ([1, 1, 4], [1, 2, 4], [2, 2, 4]) and any(_is_year(group) for group in groups)


def _of_something(text: str, found: re.Match[str]) -> bool:
    """Tell whether the words around say what the digits are the number of."""
    behind = _ADJACENT.match(text, found.end())
    is_kiss = behind and not behind[0].strip("xX")
    if behind and not is_kiss and (len(behind[0]) == 1 or _UNITS.fullmatch(behind[0])):
        return True
    return bool(_OF_SOMETHING.search(text[max(0, found.start() - _LONGEST_BEFORE) : found.start()]))


def _sixes(found: re.Match[str]) -> Iterator[Run]:
    run = found[0]
    if len(digits(run)) == DIGITS:
        yield Run(found.start(), found.end(), digits(run), _reading(run))
        return
    for part in re.finditer(rf"(?<!\S)\d{{{DIGITS}}}(?=[\s,]|$)", run):
        yield Run(found.start() + part.start(), found.start() + part.end(), part[0], DigitReading.PIN)


def _reading(run: str) -> DigitReading:
    groups = re.findall(r"\d+", run)
    marks = {mark.strip() or " " for mark in re.findall(r"\D+", run)}
    sizes = [len(group) for group in groups]
    if sizes == [DIGITS] or (sizes in ([3, 3], [1] * DIGITS) and len(marks) == 1):
        return DigitReading.PIN
    if len(marks) > 1 or marks == {":"}:
        return DigitReading.OTHER
    something_else = sizes not in ([2, 2, 2], [2, 4], [4, 2]) or _could_be_date_or_time(groups)
    if not something_else:
        return DigitReading.PIN
    return DigitReading.EITHER if marks <= {" ", ",", "_", "*"} else DigitReading.OTHER


def _could_be_date_or_time(groups: list[str]) -> bool:
    if len(groups) == 3:
        return _could_be_date([int(group) for group in groups])
    long, short = sorted(groups, key=len, reverse=True)
    is_month = _is_year(long) and 1 <= int(short) <= 12
    is_time = int(long[:2]) < 24 and int(long[2:]) < 60 and int(short) <= 24
    return is_month or is_time


def _could_be_date(numbers: list[int]) -> bool:
    first, second, third = numbers
    is_list = max(numbers) <= _LAST_SESSION and all(a < b for a, b in pairwise(numbers))
    orders = [(first, second), (second, first)]
    if first <= _LAST_YEAR:  # the year comes first only in dates of now, not in those of birth
        orders.append((third, second))
    return is_list or any(1 <= day <= 31 and 1 <= month <= 12 for day, month in orders)


def _is_year(group: str) -> bool:
    return len(group) == 4 and group.startswith(_CENTURIES)
