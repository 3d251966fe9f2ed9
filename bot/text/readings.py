"""The ways in which one message can be read, for those who must not miss anything: words joined, words taken apart."""

import re
import unicodedata

from bot.text.characters import base_letters
from bot.text.clean import clean
from bot.text.normalise import Normaliser, shared

_BETWEEN_WORDS = re.compile(r"(?<=[a-z])[-_/.,;:+&|~*]+(?=[a-z0-9])|(?<=[a-z0-9])[-_/.,;:+&|~*]+(?=[a-z])")
_WORD = re.compile(r"[a-z]+")
_MOST_PIECES = 4
_SHORTEST = 3
_UNMISTAKABLE = 7
"""So long a word that people hide ("over dose") is meant even where its pieces are words."""
_WORDS_OF_ONE_LETTER = frozenset("ai")


def readings(text: str) -> list[str]:
    """Return ``text`` as typed, and each other text that it may have been meant as.

    A zero-width character may have joined two words or parted two letters; an unknown word may be two that lack a
    space; and pieces that are no words may be one. Only the first reading is what is answered.
    """
    forms = [text]
    if any(unicodedata.category(c) == "Cf" for c in text):
        forms.append("".join(" " if unicodedata.category(c) == "Cf" else c for c in text))
    normaliser = shared()
    return list(dict.fromkeys([*forms, *(reading for form in forms for reading in _otherwise(form, normaliser))]))


def _otherwise(text: str, normaliser: Normaliser) -> list[str]:
    plain = normaliser.undisguised(base_letters(clean(text)).lower())
    spaced = normaliser.guessed(normaliser.undisguised(_BETWEEN_WORDS.sub(" ", plain)))
    apart = _WORD.sub(lambda word: normaliser.apart(word.group()), spaced)
    joined = " ".join(_joined(spaced.split(), normaliser))
    return [apart, joined]


def _joined(pieces: list[str], normaliser: Normaliser) -> list[str]:
    """Return ``pieces`` with those made one that are no words by themselves and are one together ("su icide")."""
    words, at = [], 0
    while at < len(pieces):
        width = next((w for w in range(_MOST_PIECES, 1, -1) if _is_one_word(pieces[at : at + w], w, normaliser)), 1)
        words.append("".join(pieces[at : at + width]))
        at += width
    return words


def _is_one_word(pieces: list[str], width: int, normaliser: Normaliser) -> bool:
    together = "".join(pieces).rstrip(".,!?;:")
    if len(pieces) < width or len(together) < _SHORTEST:
        return False
    if any(_is_fragment(piece, normaliser) for piece in pieces):
        return normaliser.speller.frequency(together) > 0 or normaliser.hidden_often(together)
    return len(together) >= _UNMISTAKABLE and normaliser.hidden_often(together)


def _is_fragment(piece: str, normaliser: Normaliser) -> bool:
    if len(piece) == 1:
        return piece.isalpha() and piece not in _WORDS_OF_ONE_LETTER
    return piece.isalpha() and not normaliser.has(piece)
