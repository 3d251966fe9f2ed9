"""Spelling correction that knows the programme's words (SymSpell, English frequencies, own vocabulary)."""

import math
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

from symspellpy import SymSpell, Verbosity

CANDIDATES = 20_000
"""How many of English's most frequent words a misspelling may be mended to."""
KNOWN = 60_000
"""How many are taken for words, and so left as they stand."""
DOMAIN_FREQUENCY = 2_000_000_000
"""A word of the project's own vocabulary counts as this frequent (English "is": 4.7 thousand million)."""

_SOUNDS = (
    (re.compile(r"^(wh)"), "w"),
    (re.compile(r"^(kn|gn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(tion|sion|shun|shon|tian|cian|shin)"), "xn"),
    (re.compile(r"(sh|ch|tch|ti(?=[ao]))"), "x"),
    (re.compile(r"th"), "0"),
    (re.compile(r"igh"), "i"),
    (re.compile(r"(ck|qu|q|c(?![eiy]))"), "k"),
    (re.compile(r"c"), "s"),
    (re.compile(r"z"), "s"),
    (re.compile(r"dge|g(?=[eiy])"), "j"),
    (re.compile(r"(?<=.)[aeiouyhw]+"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return a rough key of how ``word`` sounds: words spelt by ear share it with the word meant."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


class Speller:
    """Mends single words. Holds the word lists; loading takes about a second and 40 MB."""

    def __init__(self, english: list[tuple[str, int]], vocabulary: frozenset[str]) -> None:
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._known = {word for word, _ in english[:KNOWN]} | vocabulary
        self._vocabulary = vocabulary
        for word, count in english[:CANDIDATES]:
            self._index.create_dictionary_entry(word, DOMAIN_FREQUENCY if word in vocabulary else count)
        for word in sorted(vocabulary):
            self._index.create_dictionary_entry(word, DOMAIN_FREQUENCY)
        self.correct = lru_cache(maxsize=20_000)(self._correct)

    @classmethod
    def load(cls, vocabulary_file: Path) -> "Speller":
        """Read English from the symspellpy package and the project's words from ``vocabulary_file``."""
        lines = (resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
        english = [(word, int(count)) for word, count in (line.split() for line in lines.splitlines())]
        own = [line.strip() for line in vocabulary_file.read_text("utf-8").splitlines()]
        return cls(english, frozenset(word for word in own if word and not word.startswith("#")))

    def knows(self, word: str) -> bool:
        """Tell whether ``word`` (lower case) is a word as it stands."""
        return word in self._known

    def _correct(self, word: str) -> str:
        """Return the word most likely meant by ``word`` (lower case, letters only), or ``word`` itself."""
        if len(word) < 3 or word in self._known:
            return word
        if word.endswith("in") and word + "g" in self._known:  # "startin": a dropped g, not a slip
            return word + "g"
        squeezed = re.sub(r"(.)\1{2,}", r"\1", word)
        if squeezed != word and squeezed in self._known:
            return squeezed
        reach = 1 if len(word) == 3 else 2
        candidates = self._index.lookup(squeezed, Verbosity.ALL, max_edit_distance=reach)
        if candidates:
            best = min(candidates, key=lambda c: self._cost(squeezed, c.term, c.distance, c.count))
            return str(best.term)
        return self._split(squeezed) or word

    def _cost(self, word: str, candidate: str, distance: int, count: int) -> float:
        # One edit weighs as much as a word a few hundred times as frequent; sounding alike, as most of an edit.
        cost = distance - 0.35 * math.log10(count)
        if sound(word) == sound(candidate):
            cost -= 0.8
        if word[0] != candidate[0]:
            cost += 0.6
        if sorted(word) == sorted(candidate):  # letters swapped: a slip of the thumb
            cost -= 0.5
        return cost

    def _split(self, word: str) -> str | None:
        """Return ``word`` as two words where both are the project's or common ("whattime"), else None."""
        if len(word) < 6:
            return None
        cuts = [(word[:i], word[i:]) for i in range(2, len(word) - 1)]
        good = [cut for cut in cuts if cut[0] in self._vocabulary and cut[1] in self._vocabulary]
        return " ".join(max(good, key=lambda cut: min(map(len, cut)))) if good else None
