"""Fixed phrases at the start or the end of plain words."""

from collections.abc import Callable, Iterable, Mapping


class Phrases:
    """Finds the longest of several phrases at the start or at the end of words: only those with its word are tried."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take ``phrases``, in which one space stands between two words."""
        ordered = longest_first(phrases)
        self._by_first, self._by_last = _by(ordered, _first_word), _by(ordered, _last_word)

    def at_start(self, words: str) -> str | None:
        """Return the longest phrase that ``words`` are, or begin with."""
        phrases = self._by_first.get(_first_word(words), ())
        return next((phrase for phrase in phrases if f"{words} ".startswith(f"{phrase} ")), None)

    def before_others(self, words: str) -> str | None:
        """Return the longest phrase that ``words`` begin with, where others follow it."""
        phrases = self._by_first.get(_first_word(words), ())
        return next((phrase for phrase in phrases if words.startswith(f"{phrase} ")), None)

    def behind_others(self, words: str) -> str | None:
        """Return the longest phrase that ``words`` end with, where others stand before it."""
        phrases = self._by_last.get(_last_word(words), ())
        return next((phrase for phrase in phrases if words.endswith(f" {phrase}")), None)


def longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return ``phrases`` so that none is found before one that begins with it."""
    return tuple(sorted(phrases, key=len, reverse=True))


def _by(phrases: Iterable[str], word: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    """Return ``phrases`` by their first or last word, in the order given."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        found[word(phrase)] = (*found.get(word(phrase), ()), phrase)
    return found


def _first_word(words: str) -> str:
    return words.partition(" ")[0]


def _last_word(words: str) -> str:
    return words.rpartition(" ")[2]
