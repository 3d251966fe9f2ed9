"""How a person's own answers go on from one another: read from data/dialogue/record.yml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.text.normalise import WordListError

FILE = ROOT / "data" / "dialogue" / "record.yml"
_FILLERS = frozenset(["please", "thanks", "mate", "and", "so", "what", "about", "is", "when", "the", "then", "ok"])
_NOT_PHRASES = ("offers", "somebody_else")


@dataclass(frozen=True)
class Offer:
    """The own topic that is offered, and the response that asks whether it is wanted."""

    topic: str
    question: str


@dataclass(frozen=True)
class PersonalPhrases:
    """The words that carry an exchange about the own record."""

    phrases: Mapping[str, frozenset[str]]
    offers: Mapping[str, Offer]
    others: tuple[re.Pattern[str], ...]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "PersonalPhrases":
        """Build from the file's mapping."""
        offers = {topic: Offer(**given) for topic, given in data["offers"].items()}
        phrases = {name: frozenset(words) for name, words in data.items() if name not in _NOT_PHRASES}
        wrong = [word for words in phrases.values() for word in words if not isinstance(word, str)]
        if wrong:  # YAML reads a bare yes, no or on as true or false
            raise WordListError(f"{wrong[0]!r} in {FILE.name}: expected text, with quotes around yes, no and on")
        return cls(phrases, offers, tuple(map(re.compile, data["somebody_else"])))

    def after_that(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) asks for the one after the one just named."""
        words = _bare(text)
        return len(words.split()) <= 9 and any(_contains(words, phrase) for phrase in self.phrases["after_that"])

    def corrects(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) takes back what was said before."""
        return any(_contains(_bare(text), phrase) for phrase in self.phrases["corrects"])

    def about_somebody_else(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) asks for another person's record."""
        return any(pattern.search(text) for pattern in self.others)

    def more(self, text: str) -> bool:
        """Tell whether ``text`` asks for the rest of a list."""
        return _bare(text) in self.phrases["more"]

    def last_held(self, text: str) -> bool:
        """Tell whether ``text`` asks for the last session that was."""
        return any(_contains(_bare(text), phrase) for phrase in self.phrases["last_held"])

    def only_dated(self, rest: str) -> bool:
        """Tell whether a message asks for nothing but what is on a day, ``rest`` being its words beside the day."""
        return all(word in self.phrases["dated"] for word in _bare(rest).split())

    def unlinks(self, text: str) -> bool:
        """Tell whether ``text`` asks to be forgotten here."""
        return _without_fillers(text) in self.phrases["unlink"]

    def puts_off(self, text: str) -> bool:
        """Tell whether ``text`` says not now, where a PIN is to be chosen."""
        return _without_fillers(text) in self.phrases["later"]

    def locks(self, text: str) -> bool:
        """Tell whether ``text`` asks for the record to be locked again."""
        return _without_fillers(text) in self.phrases["lock"]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def _without_fillers(text: str) -> str:
    return " ".join(word for word in _bare(text).split() if word not in _FILLERS)


def _contains(words: str, phrase: str) -> bool:
    return f" {phrase} " in f" {words} "


def load(file: Path = FILE) -> PersonalPhrases:
    """Read ``file``."""
    return PersonalPhrases.from_data(yaml.safe_load(file.read_text("utf-8")))
