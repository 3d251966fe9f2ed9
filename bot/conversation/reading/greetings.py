"""What stands around the words that count: greetings, thanks, names of mail programs."""

import re
from collections.abc import Iterable, Mapping
from typing import Any


class Around:
    """Takes openers, closers and signatures off a message."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the lists of data/dialogue/consent.yml."""
        self._openers, self._closers = longest_first(given["openers"]), longest_first(given["closers"])
        self._signatures = [re.compile(line, re.IGNORECASE) for line in given["signatures"]]

    def unsigned(self, text: str) -> str:
        """Return ``text``, as it was written, without the line that a mail program or a telephone puts under it."""
        for signature in self._signatures:
            text = signature.sub("\n", text.rstrip())
        return text

    def bare(self, words: str) -> str:
        """Return ``words`` without what only stands around them."""
        return _cut(self._without_openers(words), self._closers, at_end=True) or words

    def behind(self, words: str, first: Iterable[str]) -> str | None:
        """Return what follows one of ``first`` at the start of ``words``, openers aside; None where none is there."""
        for opened in (words, self._without_openers(words)):
            for word in longest_first(first):
                if f"{opened} ".startswith(f"{word} "):
                    return opened[len(word) :].strip()
        return None

    def _without_openers(self, words: str) -> str:
        return _cut(words, self._openers, at_end=False)


def longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return ``phrases`` so that none is found before one that begins with it."""
    return tuple(sorted(phrases, key=len, reverse=True))


def _cut(words: str, phrases: Iterable[str], *, at_end: bool) -> str:
    """Return ``words`` without any of ``phrases`` at the start, or at the end."""
    phrases = tuple(phrases)
    while True:
        if at_end:
            found = next((p for p in phrases if words.endswith(f" {p}")), None)
        else:
            found = next((p for p in phrases if words.startswith(f"{p} ")), None)
        if found is None:
            return words
        words = words[: -len(found) - 1] if at_end else words[len(found) + 1 :]
