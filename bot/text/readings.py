"""The ways in which one message can be read, for those who must not miss anything: words joined, words taken apart."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from bot.text.characters import base_letters
from bot.text.clean import clean, has_no_width
from bot.text.normalise import Normaliser, shared
from bot.text.segments import SHORT_WORDS

_BETWEEN_WORDS = re.compile(r"(?<=[a-z])[-_/.,;:+&|~*]+(?=[a-z0-9])|(?<=[a-z0-9])[-_/.,;:+&|~*]+(?=[a-z])")
_LONG_WORDS = re.compile(r"(?:i )?(?:[a-z]{2,} (?:i )?)*(?:[a-z]{2,}|i)?[?.]?")
"""Words of two letters and more, and never three times "i" in a row; a mark at the end at most."""
_WORD = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z']+(?: [a-z']+)+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_MOST_PIECES = 4
_SHORTEST = 3
_UNMISTAKABLE = 7
"""So long a word that people hide ("over dose") is meant even where its pieces are words."""
_SYLLABLE = 2
_ENOUGH = 5


def other_readings(text: str) -> list[str]:
    """Return each other text that ``text``, as typed, may have been meant as; none for most messages.

    A zero-width character may have joined two words or parted two letters; an unknown word may be two that lack a
    space; and pieces that are no words may be one. What is answered is the text as typed.
    """
    normaliser = shared()
    forms = [text]
    if any(map(has_no_width, text)):
        forms.append("".join(" " if has_no_width(c) else c for c in text))
    plain = [normaliser.undisguised(base_letters(clean(form)).lower()) for form in forms]
    found = dict.fromkeys([*forms, *(reading for each in plain for reading in _otherwise(each, normaliser))])
    return [reading for reading in found if reading not in (text, plain[0])]


def _otherwise(plain: str, normaliser: Normaliser) -> Iterator[str]:
    for spaced in _spaced(plain, normaliser):
        yield _WORD.sub(lambda word: normaliser.apart(word.group()), spaced)
        yield " ".join(_joined(spaced.split(), normaliser))
        yield _WORDS.sub(lambda words: _afresh(words.group(), normaliser), spaced)
        yield _DRAWN_OUT.sub(r"\1\1", spaced)


def _spaced(plain: str, normaliser: Normaliser) -> Iterable[str]:
    """Return ``plain`` with spaces for the marks inside words, read as such or as letters."""
    if _LONG_WORDS.fullmatch(plain):  # nothing in it can be hidden, or stand for anything else
        return (plain,)
    marks_are_spaces = normaliser.guessed(normaliser.undisguised(_BETWEEN_WORDS.sub(" ", plain)))
    marks_are_letters = _BETWEEN_WORDS.sub(" ", normaliser.guessed(plain))
    return dict.fromkeys([marks_are_spaces, marks_are_letters])


def _afresh(words: str, normaliser: Normaliser) -> str:
    """Return ``words`` with the spaces where they belong ("i wan tto d ie"), around each of them that is none."""
    pieces = words.split()
    odd = [_is_fragment(piece, normaliser) for piece in pieces]
    beside_odd = [any(odd[max(0, i - 1) : i + 2]) for i in range(len(pieces))]
    groups = groupby(zip(pieces, beside_odd, strict=True), key=itemgetter(1))
    return " ".join(_resplit([piece for piece, _ in group], normaliser, torn=torn) for torn, group in groups)


def _resplit(pieces: list[str], normaliser: Normaliser, *, torn: bool) -> str:
    letters = "".join(pieces).replace("'", "")
    if not torn or len(letters) < _ENOUGH:
        return " ".join(pieces)
    rare = [piece for piece in pieces if len(piece) > _SHORTEST and normaliser.has(piece)]
    return " ".join(normaliser.speller.segmenter.split(letters, rare) or pieces)


def _joined(pieces: list[str], normaliser: Normaliser) -> list[str]:
    """Return ``pieces`` with those made one that are no words by themselves and are one together ("su icide")."""
    words, at = [], 0
    odd = [_is_fragment(piece, normaliser) for piece in pieces]
    while at < len(pieces):
        most = min(_MOST_PIECES, len(pieces) - at)
        width = next((w for w in range(most, 1, -1) if _is_one_word(pieces, odd, at, at + w, normaliser)), 1)
        words.append("".join(pieces[at : at + width]))
        at += width
    return words


def _is_one_word(pieces: list[str], odd: list[bool], start: int, end: int, normaliser: Normaliser) -> bool:
    together = "".join(pieces[start:end]).rstrip(".,!?;:")
    if len(together) < _SHORTEST:
        return False
    if any(odd[start:end]):
        return normaliser.speller.frequency(together) > 0 or normaliser.hidden_often(together)
    return len(together) >= _UNMISTAKABLE and normaliser.hidden_often(together)


def _is_fragment(piece: str, normaliser: Normaliser) -> bool:
    if len(piece) <= _SYLLABLE:
        return piece.isalpha() and piece not in SHORT_WORDS
    return piece.isalpha() and not normaliser.is_common(piece)
