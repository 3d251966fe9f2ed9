"""Undoes what hides a word without changing it for a reader: "s t o p", "S.T.O.P", "suic1de", "k*ll", "want2die"."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product

from bot.text.segments import Segmenter

_LETTERS_FOR = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s",
    "!": "il", "¡": "i", "|": "il", "€": "e", "£": "e", "+": "t", "©": "c", "®": "r", "¢": "c", "¥": "y",
}  # fmt: skip
"""The letters that a digit or a sign may stand for, because it looks like them."""
_MOST_READINGS = 64
_SIGNS = re.escape("".join(c for c in _LETTERS_FOR if not c.isdigit()))
_CHUNK = re.compile(rf"(?<![^\s(\"'/,.\-])[a-z0-9{_SIGNS}]+(?![^\s)\"'/,.;:?\-])")
_LETTER = re.compile(r"[a-z]")
_KEPT = re.compile(r"\S+@\S+\.\S+|\S*://\S+|www\.\S+|\b[a-z]\d[a-z]{2}[ .\-_]?\d[a-z]{3}\b")
"""Addresses and link codes, which mean what they are letter by letter."""
_NUMBERED = re.compile(r"\d+([a-z]+)|([a-z]+)\d+")
"""A number and what it counts ("2hours", "7pm"), or a thing and its number ("room5")."""
_STARRED = re.compile(r"(?<![\w*])[a-z][a-z]*[*#_•×%^~?][a-z*#_•×%^~?]*(?![\w*])")
_STAR = re.compile(r"[*#_•×%^~?]")
_SPREAD = re.compile(rf"(?<![^\s(\"'])[a-z0-9@$](?:[ .\-_*/,~|+·•]{{1,3}}[a-z0-9{_SIGNS}](?![a-z0-9'@])){{2,}}")
_BETWEEN = re.compile(r"[ .\-_*/,~|+·•]")
_LONGEST_RUN = 60
_MAY_BE_DROPPED = 2
"""So many single letters at either end of a run may be no part of its words."""
_WORD_MIN = 3


class Disguises:
    """Knows the words that people hide most, and which letters in a row are words."""

    def __init__(self, often: Sequence[str], frequency: Callable[[str], int], segmenter: Segmenter) -> None:
        """Take the words that are hidden ``often``, and how frequent any word is (0: it is none)."""
        self._often = tuple(often)
        self._often_set = frozenset(often)
        self._frequency = frequency
        self._segmenter = segmenter

    def undo(self, text: str) -> str:
        """Return ``text`` (in lower case) with its hidden words in plain letters; all else stays."""
        pieces, at = [], 0
        for kept in _KEPT.finditer(text):
            pieces += [self._undo(text[at : kept.start()]), kept.group()]
            at = kept.end()
        return "".join([*pieces, self._undo(text[at:])])

    def _undo(self, text: str) -> str:
        for shape, replace in ((_SPREAD, self._joined), (_CHUNK, self._in_letters), (_STARRED, self._without_stars)):
            text = shape.sub(lambda found, replace=replace: replace(found.group()), text)  # type: ignore[misc]
        return text

    def _joined(self, run: str) -> str:
        letters = _BETWEEN.sub("", run)
        if len(letters) > _LONGEST_RUN or len(_LETTER.findall(letters)) < 2:
            return run
        for front, back in sorted(product(range(_MAY_BE_DROPPED + 1), repeat=2), key=sum):
            middle = letters[front : len(letters) - back]
            words = self._words_in(middle)
            if words:
                return " ".join([*letters[:front], *words, *letters[len(letters) - back :]])
        return run

    def _words_in(self, letters: str) -> Sequence[str]:
        """Return the words that ``letters``, written one by one, make; three letters have to be a word people hide."""
        plain = letters if letters.isalpha() else self._in_letters(letters)
        if len(plain) < _WORD_MIN or not plain.isalpha():
            return ()
        if len(plain) == _WORD_MIN:
            return (plain,) if plain in self._often_set else ()
        return self._segmenter.split(plain)

    def _in_letters(self, chunk: str) -> str:
        """Return ``chunk`` with letters for the digits and signs that look like them, where that makes a word."""
        bare = chunk.rstrip("!|+")
        if self._is_plain(bare):
            hidden = [w for w in self._readings(chunk) if w in self._often_set] if bare != chunk else []
            return hidden[0] if hidden and not self._frequency(bare) else chunk
        word = self._best(self._readings(bare), numbered=_NUMBERED.fullmatch(bare))
        return word + chunk[len(bare) :] if word else chunk

    @staticmethod
    def _is_plain(word: str) -> bool:
        letters = len(_LETTER.findall(word))
        return letters == len(word) or letters < 2 or 2 * letters < len(word) - 1

    @staticmethod
    def _readings(word: str) -> Iterator[str]:
        choices = [_LETTERS_FOR.get(c, c) for c in word]
        return islice(map("".join, product(*choices)), _MOST_READINGS)

    def _best(self, readings: Iterable[str], numbered: re.Match[str] | None) -> str | None:
        """Return the likeliest word of ``readings``. A counted thing has to be hidden often to be none."""
        found = [word for word in readings if self._frequency(word) or word in self._often_set]
        often = [word for word in found if word in self._often_set]
        if often or numbered:
            return often[0] if often else None
        return max(found, key=self._frequency, default=None)

    def _without_stars(self, chunk: str) -> str:
        """Return the word that ``chunk`` leaves letters out of, if it is one that people hide."""
        bare = chunk.rstrip("?")
        if not _STAR.search(bare[:-1]):  # one at the end is a mark of its own: "tuesday*"
            return chunk
        shape = re.compile(_STAR.sub("[a-z]", bare))
        word = next((word for word in self._often if shape.fullmatch(word)), None)
        return word + chunk[len(bare) :] if word else chunk
