"""PINs as people write them: six digits with anything around and between them, told apart from dates and numbers."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.text import six_digits
from bot.text.six_digits import DIGITS, DigitReading, Run

_SHORT = 10
"""Words beside the digits of a message that, while a PIN is waited for, is taken to be about it."""
_QUESTION = 3
"""Words beside the PIN, and beside those about choosing it, of a message that asks something else as well."""
_WRONG_NUMBER = (4, 5, 7, 8, 9, 10)
"""So many digits alone are meant as a PIN, wrongly written; a telephone number has more."""

_WORD = r"(?:pin|pincode|passcode|password)(?:'?s)?"
_JOINING = (
    r"(?:number|numbers|no|code|digits|is|are|was|to|b|be|will|would|shall|should|going|gonna|like|it|as|set|now|new|"
    r"please|pls|ok|then|changed?|equals)"
)
_MANY = r"\d(?:[^0-9A-Za-z]{0,3}\d){3,9}"
_AFTER_WORD = re.compile(
    rf"\b{_WORD}(?:[^0-9A-Za-z]+{_JOINING}\b){{0,6}}[^0-9A-Za-z]*(?P<digits>{_MANY})(?! ?\d)", re.IGNORECASE
)
_BEFORE_WORD = re.compile(
    rf"(?<![\w./-])(?P<digits>{_MANY})[^0-9A-Za-z]*(?:(?:is|s|as|for|will|be|my|the|a|new)\b[^0-9A-Za-z]*){{0,4}}"
    rf"{_WORD}\b",
    re.IGNORECASE,
)
_SAYS_PIN = re.compile(rf"\b{_WORD}\b", re.IGNORECASE)
_FILLER = (
    r"(?:a|about|and|as|b|be|can|change|cheers|choose|code|cool|could|digits|do|does|done|for|give|go|"
    r"going|gonna|good|got|guess|have|hello|here|hey|hi|hiya|how|i|id|ill|im|is|it|its|let|lets|"
    r"like|m|make|mate|me|mine|my|new|no|now|number|of|ok|okay|one|our|passcode|password|pick|pin|"
    r"please|pls|put|r|right|s|same|send|sending|sent|set|shall|should|so|sorry|sure|ta|take|thank|"
    r"thanks|thanx|that|thats|the|then|there|think|this|thx|to|try|ty|u|use|wanna|want|was|we|will|"
    r"with|work|works|would|ye|yeah|yep|yes|you|your)"
)
"""Words with which people say that these digits are their PIN."""
_FIGURES = {
    "zero": "0", "oh": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPELLED_OUT = re.compile(rf"\b(?:(?:{'|'.join(_FIGURES)})\b[ ,.-]*){{{DIGITS}}}", re.IGNORECASE)


_ONE_NUMBER = re.compile(r"[^\d+/£.:-]*(\d(?: ?\d)*|\d{3}-\d{3,4})(?:[^\d/:-]*|-)")
_ASKS = re.compile(
    r"\?|\b(?:when|wen|whens|what|wat|wot|whats|where|wheres|who|how|hows|why|which|can|could|tell|show|do|does|did|any|"
    r"have|are|is)\b",
    re.IGNORECASE,
)


_BEFORE_PIN = re.compile(
    rf"^\W*(?:{_FILLER}\b\W*)*\b{_WORD}\b(?:\W+(?!please|pls){_JOINING}\b)*",
    re.IGNORECASE,
)
"""The words at the start of a message that say no more than that a PIN comes."""


@dataclass(frozen=True)
class Found:
    """The digits of a PIN, and what else the message asks."""

    digits: str
    rest: str = ""


def plain_digits(text: str) -> str:
    """Return ``text`` with 0 to 9 for the digits of any script, and for six in a row that are spelled out."""
    plain = "".join(_figure(c) for c in text if unicodedata.category(c) not in ("Mn", "Me"))
    return _SPELLED_OUT.sub(
        lambda row: "".join(_FIGURES[w] for w in re.findall(r"[a-z]+", row[0].lower())) + " ", plain
    )


def named(text: str) -> Found | None:
    """Return what ``text`` (cleaned, with plain digits) calls a PIN, of whatever length; None where nothing is."""
    for pattern, from_end in ((_AFTER_WORD, False), (_BEFORE_WORD, True)):
        found = pattern.search(text)
        if found and not six_digits.has_year(found["digits"]):
            return _called(text, found, from_end=from_end)
    return _only_one(text, _readings(text)) if _SAYS_PIN.search(text) else None


def waited_for(text: str) -> Found | None:
    """Return the digits of ``text`` (cleaned, with plain digits) that are a PIN if one is waited for.

    Where they are too few, too many or of several PINs, they are returned all the same: a secret, and not a PIN.
    """
    if len(_words(text)) > _SHORT:
        return None
    found = _only_one(text, _readings(text))
    if found or _has_more_words(text):
        return found
    number = _ONE_NUMBER.fullmatch(text)
    wrong = six_digits.digits(number[1]) if number else ""
    return Found(wrong) if len(wrong) in _WRONG_NUMBER[bool(_words(text)) :] else None


def is_weak_pin(pin: str) -> bool:
    """Tell whether a PIN is one of those that people guess first: one digit, a run, or a pattern repeated."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or pin[:2] * 3 == pin or pin[:3] * 2 == pin


def _called(text: str, found: re.Match[str], *, from_end: bool) -> Found:
    run = found["digits"]
    own = six_digits.leading(run[::-1])[::-1] if from_end else six_digits.leading(run)
    begin = found.start("digits") + (len(run) - len(own) if from_end else 0)
    before = text[: found.start("digits") if not from_end else begin]
    return Found(six_digits.digits(own), _rest(before + " " + text[begin + len(own) :]))


def _readings(text: str) -> list[Run]:
    """Return the runs that can be a PIN: with nothing but words about it, also those that could be something else."""
    alone = not _has_more_words(text)
    runs = six_digits.runs(text)
    return [run for run in runs if run.reading is DigitReading.PIN or (alone and run.reading is DigitReading.EITHER)]


def _only_one(text: str, runs: Sequence[Run]) -> Found | None:
    if not runs:
        return None
    different = {run.digits for run in runs}
    if len(different) > 1:
        return Found("".join(run.digits for run in runs))
    without = text
    for run in reversed(runs):
        without = without[: run.start] + " " + without[run.end :]
    return Found(runs[0].digits, _rest(without))


def _rest(text: str) -> str:
    """Return what is asked beside the PIN; empty where only more words about it are left."""
    rest = re.sub(r"^(?:\W|and\b|so\b)+|(?:[^\w?]|and\b)+$", "", " ".join(_BEFORE_PIN.sub(" ", text).split()))
    is_question = _ASKS.search(rest) and sum(map(_says_more, _words(rest))) >= _QUESTION
    return rest if is_question else ""


def _has_more_words(text: str) -> bool:
    return any(map(_says_more, _words(text)))


def _says_more(word: str) -> bool:
    return not re.fullmatch(_FILLER, word)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _in_figures(row: re.Match[str]) -> str:
    return "".join(_FIGURES[word] for word in re.findall(r"[a-z]+", row[0].lower())) + " "


def _figure(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
