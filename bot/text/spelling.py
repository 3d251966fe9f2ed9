"""Spelling correction that knows the programme's words (SymSpell, English frequencies, own vocabulary)."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from pathlib import Path

from symspellpy import SymSpell, Verbosity

from bot.text.segments import COMMON, Segmenter, Words

CANDIDATES = 20_000
"""How many of English's most frequent words a misspelling may be mended to."""
KNOWN = 60_000
"""How many are taken for words, and so left as they stand."""
CORE = 1_000
"""How many are so common that a slip is more likely to have lost the space between two of them."""
DOMAIN_FREQUENCY = 2_000_000_000
"""A word of the project's own vocabulary counts as this frequent (English "is": 4.7 thousand million)."""
_SHORT_FORM = 2
_LIKELY_PARTS = 6.5
"""What two words that were run together cost at most, where a word that is spelt much like them is at hand."""

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
def phonetic_key(word: str) -> str:
    """Return a rough key of how ``word`` sounds: words spelt by ear share it with the word meant."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


class Speller:
    """Mends single words. Holds the word lists; loading takes about a second and 40 MB."""

    def __init__(self, english: list[tuple[str, int]], vocabulary: frozenset[str], forms: Iterable[str] = ()) -> None:
        """Take English (word and frequency, most frequent first), the project's words and what is typed for words."""
        own = [*vocabulary, *(form for form in forms if len(form) > _SHORT_FORM)]
        self.segmenter = Segmenter.build(english[:COMMON], own)
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self.vocabulary = vocabulary
        self._known = {word for word, _ in english[:KNOWN]} | vocabulary
        self._core = {word for word, _ in english[:CORE]} | vocabulary | {form for form in forms if form.isalpha()}
        for word, count in english[:CANDIDATES]:
            self._index.create_dictionary_entry(word, DOMAIN_FREQUENCY if word in vocabulary else count)
        for word in sorted(vocabulary):
            self._index.create_dictionary_entry(word, DOMAIN_FREQUENCY)
        self.correct = lru_cache(maxsize=20_000)(self._correct)

    @classmethod
    def load(cls, vocabulary_file: Path, forms: Iterable[str] = ()) -> "Speller":
        """Read English from the symspellpy package and the project's words from ``vocabulary_file``.

        ``forms`` are what is typed for words ("dont"): they may stand among words that are run together.
        """
        lines = (resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
        english = [(word, int(count)) for word, count in (line.split() for line in lines.splitlines())]
        own = [line.strip() for line in vocabulary_file.read_text("utf-8").splitlines()]
        return cls(english, frozenset(word for word in own if word and not word.startswith("#")), list(forms))

    def knows(self, word: str) -> bool:
        """Tell whether ``word`` (lower case) is a word as it stands."""
        return word in self._known

    def frequency(self, word: str) -> int:
        """Return how frequent ``word`` is among those that a misspelling may be mended to; 0 where it is none."""
        return int(self._index.words.get(word, 0))

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
            parts = self._parts(squeezed) if best.distance > 1 else ()
            likely = parts and self.segmenter.cost(parts) <= _LIKELY_PARTS
            return " ".join(parts) if likely else str(best.term)
        return " ".join(self._parts(squeezed)) or word

    def _cost(self, word: str, candidate: str, distance: int, count: int) -> float:
        # One edit weighs as much as a word a few hundred times as frequent; sounding alike, as most of an edit.
        cost = distance - 0.35 * math.log10(count)
        if phonetic_key(word) == phonetic_key(candidate):
            cost -= 0.8
        if word[0] != candidate[0]:
            cost += 0.6
        if sorted(word) == sorted(candidate):  # letters swapped: a slip of the thumb
            cost -= 0.5
        return cost

    def _parts(self, word: str) -> Words:
        """Return the words that ``word`` consists of ("whattime"), where all are common or the project's."""
        parts = self.segmenter.split(word)
        lost_a_g = parts[-1:] == ("in",)  # "gettin" and "runin": more likely than a lost space
        return parts if not lost_a_g and all(part in self._core for part in parts) else ()
