"""Whether a whole message means yes, no, both or neither. The words stand in data/dialogue/yes_no.yml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.text.normalise import WordListError

FILE = ROOT / "data" / "dialogue" / "yes_no.yml"


class Agreement(StrEnum):
    """What a message says to a question that takes yes or no."""

    YES = "yes"
    NO = "no"
    CONTRADICTS = "contradicts"
    """It says yes or no and takes it back, or has not decided ("yes no", "yes but I might make it", "not sure")."""
    NEITHER = "neither"


class YesNoPart(StrEnum):
    """What one phrase of a message does. The values are the names of the lists in the file."""

    YES = "yes"
    WEAK_YES = "weak_yes"
    NO = "no"
    NEGATES = "negates"
    DOUBT = "doubt"
    FILLER = "fillers"


@dataclass(frozen=True)
class Segmented:
    """A message cut into known phrases from its beginning, and the words behind the last one that is known."""

    parts: tuple[YesNoPart, ...]
    last: tuple[str, ...]
    """The words of the last phrase that is known."""
    rest: tuple[str, ...]


@dataclass(frozen=True)
class YesNo:
    """Reads answers to a question that takes yes or no."""

    phrases: Mapping[tuple[str, ...], frozenset[YesNoPart]]
    question_words: frozenset[str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "YesNo":
        """Build from the file's mapping."""
        found: dict[tuple[str, ...], frozenset[YesNoPart]] = {}
        for part in YesNoPart:
            for phrase in (phrase for line in data[part] for phrase in line):
                if not isinstance(phrase, str):  # YAML reads a bare yes, no or on as true or false
                    raise WordListError(f"{phrase!r} in {FILE.name}: expected text, with quotes around yes and no")
                words = tuple(_words(phrase))
                found[words] = found.get(words, frozenset()) | {part}
        return cls(found, frozenset(data["asks"]))

    def read(self, text: str) -> Agreement:
        """Return what all of ``text`` says, as it was written or normalised."""
        if self.asks(text):
            return Agreement.NEITHER
        cut = self._segment(_words(text))
        found = set(cut.parts)
        if cut.rest:
            begins = found & {YesNoPart.YES, YesNoPart.WEAK_YES, YesNoPart.NO, YesNoPart.NEGATES}
            return Agreement.CONTRADICTS if begins else Agreement.NEITHER
        if YesNoPart.DOUBT in found or {YesNoPart.YES, YesNoPart.NO} <= found:
            return Agreement.CONTRADICTS
        if YesNoPart.NO in found:
            return Agreement.NO
        return Agreement.YES if found & {YesNoPart.YES, YesNoPart.WEAK_YES} else Agreement.NEITHER

    def begins_with(self, text: str) -> tuple[Agreement, str]:
        """Return what the longest beginning of ``text`` says that is a clear yes or no, and the words behind it."""
        words = _words(text)
        known = len(words) - len(self._segment(words).rest)
        for length in range(min(known, _LONGEST_BEGINNING), 0, -1):
            consent = self.read(" ".join(words[:length]))
            if consent in (Agreement.YES, Agreement.NO):
                return consent, " ".join(words[length:])
        return Agreement.NEITHER, text

    def asks(self, text: str) -> bool:
        """Tell whether ``text`` asks something, also behind a yes or a no."""
        words = _words(text)
        cut = self._segment(words)
        begin = {*cut.rest[:1], *cut.last[:1]}  # "can you" is a yes by itself, and not in "can you tell me the time"
        return bool(cut.rest) and (text.rstrip().endswith("?") or bool(self.question_words & begin))

    def _segment(self, words: Sequence[str]) -> Segmented:
        parts: list[YesNoPart] = []
        at = last = 0
        while at < len(words):
            length, part = self._longest(words, at)
            if not length:
                break
            parts.append(part)
            last, at = at, at + length
        return Segmented(tuple(_negated(parts)), tuple(words[last:at]), tuple(words[at:]))

    def _longest(self, words: Sequence[str], at: int) -> tuple[int, YesNoPart]:
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            kinds = self.phrases.get(tuple(words[at : at + length]))
            if not kinds and length == 1:
                kinds = self.phrases.get((_DRAWN_OUT.sub(r"\1", words[at]),))
            if kinds:
                last = at + length == len(words)
                return length, _in_place(kinds, last=last)
        return 0, YesNoPart.FILLER


_DRAWN_OUT = re.compile(r"([a-z])\1+")
"""A letter that is written several times ("yass", "noo")."""
_LONGEST = 6
"""Words of the longest phrase."""
_LONGEST_BEGINNING = 30
"""Words of the longest yes or no that something else follows: each beginning is read, and a message may be long."""


def _in_place(kinds: frozenset[YesNoPart], *, last: bool) -> YesNoPart:
    """Return which of its kinds a phrase is: "don't" negates what follows it, and is a no at the end."""
    if YesNoPart.NEGATES in kinds and not last:
        return YesNoPart.NEGATES
    return next(part for part in YesNoPart if part in kinds)


def _negated(parts: Sequence[YesNoPart]) -> Iterator[YesNoPart]:
    """Give the parts, each no that negates together with what it negates."""
    negating = False
    for part in parts:
        if part is YesNoPart.NEGATES:
            negating = True
        elif negating and part is not YesNoPart.FILLER:
            negating = False
            yield YesNoPart.NO
        else:
            yield part
    if negating:
        yield YesNoPart.NO


def _words(text: str) -> list[str]:
    plain = text.lower().replace("'", "").replace("’", "")
    return re.findall(r"[a-z0-9]+", plain)


def load(file: Path = FILE) -> YesNo:
    """Read ``file``."""
    return YesNo.from_data(yaml.safe_load(file.read_text("utf-8")))
