"""What stands around the words that count: greetings, thanks, names of mail programs."""

import re
from collections.abc import Mapping
from typing import Any

from bot.conversation.reading.phrases import Phrases


class Around:
    """Takes openers, closers and signatures off a message."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the lists of data/dialogue/consent.yml."""
        self._openers, self._closers = Phrases(given["openers"]), Phrases(given["closers"])
        self._signatures = [re.compile(line, re.IGNORECASE) for line in given["signatures"]]

    def unsigned(self, text: str) -> str:
        """Return ``text``, as it was written, without the line that a mail program or a telephone puts under it."""
        for signature in self._signatures:
            text = signature.sub("\n", text.rstrip())
        return text

    def bare(self, words: str) -> str:
        """Return ``words`` without what only stands around them."""
        rest = self._without_openers(words)
        while found := self._closers.behind_others(rest):
            rest = rest[: -len(found) - 1]
        return rest or words

    def behind(self, words: str, first: Phrases) -> str | None:
        """Return what follows one of ``first`` at the start of ``words``, openers aside; None where none is there."""
        for opened in (words, self._without_openers(words)):
            found = first.at_start(opened)
            if found is not None:
                return opened[len(found) :].strip()
        return None

    def _without_openers(self, words: str) -> str:
        while found := self._openers.before_others(words):
            words = words[len(found) + 1 :]
        return words
