"""What a telephone writes by itself: reactions to a message ("Liked “…”"), which quote it, and automatic answers."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.reading.plain_words import clauses, plain
from bot.settings import ROOT
from bot.text.clean import has_words
from bot.text.text import Text

FILE = ROOT / "data" / "dialogue" / "reactions.yml"
_QUOTES = str.maketrans({"«": '"', "»": '"', "″": '"', "❝": '"', "❞": '"'})
_FEWEST_WORDS = 3
"""Words of a quotation outside a reaction before it can be the bot's: "yes" in quotation marks is a person's own."""

_OPENER = re.compile(r"^(?:(?:sorry|hi|hello|hey) )+")

SaidByBot = Callable[[str], bool]


@dataclass(frozen=True)
class ReactionReading:
    """A message without what is not the person's own."""

    words: Text
    """All that may be the person's own: without a quotation of the bot's sentences."""
    said: Text
    """What is to be answered: without any quotation that a reaction is about."""
    answer: bool = True
    """Whether it needs an answer: a reaction needs none, nor does what a telephone answered by itself."""


class Reactions:
    """Tells a person's words from a telephone's and from the bot's. Build it once (:func:`load`)."""

    def __init__(self, given: Mapping[str, Any], said_by_bot: SaidByBot) -> None:
        """Take the mapping of the file, and what knows the bot's own words."""
        forms = "|".join(given["forms"])
        self._quoting = re.compile(rf'\s*(?:{forms}){given["behind"]}\s*(?=["\'])', re.IGNORECASE)
        self._wordless = re.compile(rf"\s*(?:{forms}){given['without_words']}[\s.!]*", re.IGNORECASE)
        self._marked = re.compile(given["marked"])
        self._marked_anywhere = re.compile(given["marked_anywhere"])
        self._said = re.compile("|".join(f"(?:{line.format()})" for line in given["said"]))
        self._beside = re.compile(given["beside"])
        self._not_alone = frozenset(given["not_alone"])
        self._said_by_bot = said_by_bot

    def read(self, text: Text) -> ReactionReading:
        """Return what of ``text`` is the person's own, and whether it needs an answer."""
        whole = text.clean.translate(_QUOTES)
        reaction = self._quoting.match(whole)
        if reaction:
            return self._outside(text, whole[reaction.end() :])
        if self._wordless.fullmatch(whole):
            return ReactionReading(Text(""), Text(""), answer=False)
        own = self._without_quotations(text, whole)
        return ReactionReading(own, own, answer=not self._is_automatic(own.raw))

    def _outside(self, text: Text, quoting: str) -> ReactionReading:
        """Return what stands beside the quotation of a reaction; all of it counts where the bot never said that."""
        for end in sorted(_ends(quoting), reverse=True):
            quotation, outside = quoting[1:end], quoting[end:].strip("\"' ")
            if self._said_by_bot(quotation):
                return ReactionReading(Text(outside), Text(outside), answer=has_words(outside))
        outside = quoting[min(_ends(quoting)) :].strip("\"' ")
        return ReactionReading(text, Text(outside), answer=has_words(outside))

    def _without_quotations(self, text: Text, whole: str) -> Text:
        """Return ``text`` as it is, or without the sentences of the bot's that it quotes."""
        found = re.sub(r'"([^"]+)"?', lambda quoted: " " if self._is_the_bots(quoted[1]) else quoted[0], whole)
        return text if found == whole else Text(found.strip())

    def _is_the_bots(self, quotation: str) -> bool:
        return len(quotation.split()) >= _FEWEST_WORDS and self._said_by_bot(quotation)

    def _is_automatic(self, text: str) -> bool:
        """Tell whether a telephone wrote ``text`` by itself."""
        words = plain(text)
        if self._marked.search(words) or self._marked_anywhere.search(words):
            return True
        sentences = [_OPENER.sub("", part) for part in clauses(text)]
        said = [sentence for sentence in sentences if self._said.fullmatch(sentence)]
        if set(said) <= self._not_alone:
            return False
        return all(self._said.fullmatch(one) or self._beside.fullmatch(one) for one in sentences)


def _ends(quoting: str) -> Iterator[int]:
    """Yield where the quotation that begins ``quoting`` may end: behind each quotation mark, or where the text does."""
    yield len(quoting)
    if quoting.startswith("'"):  # one of them inside is an apostrophe
        yield quoting.rindex("'") + 1 if quoting.rindex("'") else len(quoting)
    else:
        yield from (place + 1 for place, c in enumerate(quoting) if c == '"' and place)


def load(said_by_bot: SaidByBot, file: Path = FILE) -> Reactions:
    """Read ``file``."""
    return Reactions(yaml.safe_load(file.read_text("utf-8")), said_by_bot)
