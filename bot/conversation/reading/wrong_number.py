"""Whether somebody says that this telephone is somebody else's."""

import re
from collections.abc import Mapping
from typing import Any

from bot.text.clean import clean


class WrongNumber:
    """Recognises "wrong number" and its like, and not a wrong number that the person rang."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the lists of data/dialogue/consent.yml."""
        self._said = re.compile("|".join(f"(?:{line})" for line in given["wrong_number"]))
        self._of_another = re.compile(given["not_wrong_number"])
        self._not_the_name = re.compile(given["not_the_name"])

    def in_words(self, words: str) -> bool:
        """Tell whether plain ``words`` say so."""
        return bool(self._said.search(words)) and not self._of_another.search(words)

    def in_text(self, text: str) -> bool:
        """Tell whether ``text``, as it was written, denies a name: "this isn't Dave"."""
        return bool(self._not_the_name.search(clean(text)))
