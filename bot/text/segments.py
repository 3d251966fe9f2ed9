"""Finds the words in letters that were written without spaces: "iwanttodie", "todie"."""

import math
from collections.abc import Iterable, Mapping

COMMON = 8_000
"""How many of English's most frequent words may stand among letters without spaces."""
_OWN_FREQUENCY = 30_000_000
"""A word of the project's own lists counts as at least this frequent here."""
_ALL = 1e12
_LONGEST = 16
_SHORT = frozenset(
    "a i am an as at be by do go he id if im in is it me my no of on or so to up us we".split()  # noqa: SIM905
)
"""The only parts of one or two letters: with any others, everything could be taken apart."""
_UNKNOWN = 6.0
"""What a letter costs that belongs to no word; a common word costs between 2 and 5."""

Words = tuple[str, ...]


class Segmenter:
    """Splits letters into the likeliest words, by how frequent each is."""

    def __init__(self, costs: Mapping[str, float]) -> None:
        """Take what each word costs: the more frequent, the less."""
        self._costs = costs

    @classmethod
    def build(cls, english: Iterable[tuple[str, int]], own: Iterable[str]) -> "Segmenter":
        """Take ``english`` (word and frequency, most frequent first) and the project's own words."""
        frequencies = dict.fromkeys(_SHORT, 10 * _OWN_FREQUENCY)
        frequencies.update((word, count) for word, count in english if _may_be_part(word))
        for word in filter(_may_be_part, own):
            frequencies[word] = max(frequencies.get(word, 0), _OWN_FREQUENCY)
        return cls({word: -math.log10(count / _ALL) for word, count in frequencies.items()})

    def split(self, letters: str) -> Words:
        """Return the words that ``letters`` consist of; nothing where they do not."""
        best: list[tuple[float, Words] | None] = [(0.0, ())]
        for end in range(1, len(letters) + 1):
            best.append(min(self._ending_at(letters, end, best), default=None))
        return best[-1][1] if best[-1] else ()

    def cost(self, words: Words) -> float:
        """Return how unlikely ``words`` are to follow one another by chance."""
        return sum(self._costs.get(word, _UNKNOWN * len(word)) for word in words)

    def _ending_at(
        self, letters: str, end: int, best: list[tuple[float, Words] | None]
    ) -> Iterable[tuple[float, Words]]:
        for start in range(max(0, end - _LONGEST), end):
            before, word = best[start], letters[start:end]
            if before and word in self._costs:
                yield before[0] + self._costs[word], (*before[1], word)


def _may_be_part(word: str) -> bool:
    return word.isalpha() and (len(word) > 2 or word in _SHORT)
