"""Whether somebody says that they come to a session, that they do not, that they will be late, or that they did not.

A pure reading of one normalised message, by the rules and words of data/dialogue/attending.yml: what is said about
coming is found in every clause, and each word before it that turns the meaning round counts ("can not not come").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.text.normalise import WordListError

FILE = ROOT / "data" / "dialogue" / "attending.yml"


class Attending(StrEnum):
    """What a message says about being at a session."""

    COMES = "comes"
    CANNOT = "cannot"
    UNSURE = "unsure"
    """They might come, or mean to."""
    LATE = "late"
    MISSED = "missed"
    """It is over, and they were not there."""
    UNSAID = "unsaid"


_BY_WEIGHT = (Attending.CANNOT, Attending.LATE, Attending.MISSED, Attending.UNSURE, Attending.COMES)
"""Of several clauses the first of these counts: who cannot come and is sorry for being late cannot come."""
_QUESTION = re.compile(
    r"(?:(?:yes|no|ok|okay|so|but|and|then|also|well|hi|hello|please|just|anyway) )*"
    r"(?:what|when|where|who|why|how|which|whose|can|could|do|does|did|will|would|should|is|are|am|may|might|must|have|"
    r"has|if|what if|suppose)\b(?! (?:not|nothing|be|come|make|attend|get|do (?:\w+day|it|the)|still|definitely)\b)"
)
"""How a message begins that asks something: "can i come", and not "can not come"."""
_SPLIT = re.compile(r"[.,;:!?()]+| - | but | and | so | because | although | though | however | except ")
_BUT_NOT = re.compile(
    r"(?:\bbut|,) not (?:on |for |in |the |this |next |that |session |\d|\w+day\b|tomorrow|tonight|today)"
)
"""A day that is left out of those on which somebody comes: "I can come on the 1st but not on the 8th"."""
_NOT_ONLY = re.compile(r"\bnot (?:only|just)\b")
_TAKEN_BACK = re.compile(
    r"\b(?:i )?(?:know )?(?:i )?(?:thought|said|told (?:you|them|staff)|reported|wrote|texted)\b.*\bbut "
)
"""What somebody said before, and takes back now ("I said I can not come but I can")."""


@dataclass(frozen=True)
class AttendanceClaim:
    """One thing that a clause says about coming."""

    positive: bool
    past: bool
    unsure: bool

    @property
    def meaning(self) -> Attending:
        """Return what it means."""
        if self.positive:
            return Attending.UNSAID if self.past else Attending.UNSURE if self.unsure else Attending.COMES
        return Attending.MISSED if self.past else Attending.CANNOT


@dataclass(frozen=True)
class AttendingRules:
    """The words of the file."""

    attends: re.Pattern[str]
    misses: re.Pattern[str]
    phrases: Mapping[Attending, re.Pattern[str]]
    negates: frozenset[str]
    between: frozenset[str]
    hedges: frozenset[str]
    past: frozenset[str]
    openers: frozenset[str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "AttendingRules":
        """Build from the file's mapping."""
        wrong = [word for words in data.values() for word in words if not isinstance(word, str)]
        if wrong:  # YAML reads a bare yes, no or on as true or false
            raise WordListError(f"{wrong[0]!r} in {FILE.name}: expected text, with quotes around yes, no and on")
        phrases = {Attending(name): _any(data[name]) for name in ("comes", "cannot", "missed", "late")}
        between = {*data["between"], *data["negates"], *data["hedges"], *data["past"]}
        return cls(
            _any(data["attends"]), _any(data["misses"]), phrases,
            frozenset(data["negates"]), frozenset(between), frozenset(data["hedges"]), frozenset(data["past"]),
            frozenset(data["openers"]),
        )  # fmt: skip

    def read(self, text: str) -> Attending:
        """Return what ``text`` (normalised) says."""
        text = _spoken(text)
        if _QUESTION.match(text):
            return Attending.UNSAID
        found = {meaning for clause in _SPLIT.split(text) for meaning in self._clause(clause.strip())}
        if Attending.COMES in found and _BUT_NOT.search(text):
            found.add(Attending.CANNOT)
        if text.endswith("?"):
            found -= {Attending.COMES, Attending.UNSURE}
        return next((meaning for meaning in _BY_WEIGHT if meaning in found), Attending.UNSAID)

    def _clause(self, clause: str) -> set[Attending]:
        found = {meaning for meaning, pattern in self.phrases.items() if pattern.search(clause)}
        if Attending.LATE in found:  # "I will not be there until 7" says no more than that
            return {Attending.LATE}
        for pattern, stays_away in ((self.attends, False), (self.misses, True)):
            for match in pattern.finditer(clause):
                said = self._said(clause[: match.start()].split(), stays_away=stays_away)
                if said:
                    found.add(said.meaning)
        return found - {Attending.UNSAID}

    def _said(self, before: Sequence[str], *, stays_away: bool) -> AttendanceClaim | None:
        """Return what the words before a verb make of it; None where it is not about the one who writes."""
        own: list[str] = []
        for word in reversed(before):
            if word not in self.between:
                break
            own.insert(0, word)
        earlier = before[: len(before) - len(own)]
        if not {"i", "me"} & set(own) and not self._opens(earlier):
            return None
        turned = sum(word in self.negates for word in own) + stays_away
        hedges = self.hedges - {"would", "could"} if turned else self.hedges
        return AttendanceClaim(turned % 2 == 0, bool(set(own) & self.past), bool(set(own) & hedges))

    def _opens(self, earlier: Sequence[str]) -> bool:
        """Tell whether these words can stand before a statement that leaves out "I" ("sorry mate, can not come")."""
        if not earlier:
            return True
        if earlier[-1] == "mate":
            return earlier[-2:-1] not in (["my"], ["a"])
        return earlier[-1] in self.openers or earlier[-1].endswith("day")


def _spoken(text: str) -> str:
    """Write out what normalising leaves: "ill come" without its apostrophe, "cannot"."""
    text = re.sub(
        r"\bill (?=(?:be|make|come|try|go|attend|get|see|still|definitely|turn|not|do|miss|have)\b)", "i will ", text
    )
    text = _TAKEN_BACK.sub("", _NOT_ONLY.sub("", text.lower().replace("cannot", "can not")))
    text = re.sub(r"\bno (way|chance|longer|reason)\b", r"never \1", text)
    return " ".join(text.split())


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:\b{pattern})" if pattern[0] != "(" else f"(?:{pattern})" for pattern in patterns))


def load(file: Path = FILE) -> AttendingRules:
    """Read ``file``."""
    return AttendingRules.from_data(yaml.safe_load(file.read_text("utf-8")))
