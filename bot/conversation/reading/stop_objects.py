"""Whether words behind STOP name messages and the sending of them, or something else that is to stop."""

import re
from collections.abc import Mapping
from typing import Any


class Naming:
    """Knows the names of what is sent here."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the lists of data/dialogue/consent.yml."""
        self.nouns = frozenset(given["nouns"])
        self.several = [noun for noun in given["nouns"] if noun.endswith("s") or noun in given["several"]]
        self._gerunds, self._calling = frozenset(given["gerunds"]), frozenset(given["calling"])
        self._about_me, self._not_doing = tuple(given["about_me"]), frozenset(given["not_doing"])
        self._oneself, self._of_you = re.compile(given["oneself"]), re.compile(given["asked_of_you"])

    def names_messages(self, rest: str) -> bool:
        """Tell whether the words behind STOP soon name messages, or the sending of them to oneself."""
        following = rest.split()
        for place, word in enumerate(following[:6]):
            after = " ".join(following[place + 1 :])
            if word in self._gerunds and self._about(after):
                return True
            if word in self._calling and (not after or after.startswith(("me", "us", "this", "these", "those", "any"))):
                return not re.match(r"(?:me|us) (?:to|there|home|back|in) ", f"{after} ")
            if word in self.nouns - self._gerunds:
                return not re.match(r"(?:to|from) (?!me|us|you|this|here)", after)
        return False

    def is_doing(self, word: str) -> bool:
        """Tell whether ``word`` is a verb in -ing or -in, which makes STOP the verb of another sentence."""
        shaped = len(word) >= 4 and word.endswith(("ing", "in")) and not word.endswith(("thing", "evening", "morning"))
        return shaped and word not in self._not_doing

    def _about(self, after: str) -> bool:
        return not after or any(f"{after} ".startswith(f"{word} ") for word in self._about_me)

    def is_asked(self, before: str, behind: str) -> bool:
        """Tell whether it is the bot that is to stop, and not the person who means to stop something."""
        if not self._oneself.search(before) or self._of_you.search(before):
            return True
        first = behind.split()[0]
        return first in ("getting", "receiving") or first not in self._gerunds | self._calling
