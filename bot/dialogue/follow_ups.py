"""How turns lean on one another: read from data/dialogue/follow_ups.yml."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import ROOT

FILE = ROOT / "data" / "dialogue" / "follow_ups.yml"


@dataclass(frozen=True)
class FollowUps:
    """How turns lean on one another (data/dialogue/follow_ups.yml)."""

    openers: frozenset[str]
    pointers: frozenset[str]
    longest: int
    turns: tuple[tuple[frozenset[str], re.Pattern[str], str], ...]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "FollowUps":
        """Build from the file's mapping."""
        turns = tuple(
            (frozenset(turn["after"]), _any_of(turn["says"]), turn["topic"])
            for turn in data["turns"]  # type: ignore[attr-defined]
        )
        return cls(frozenset(data["openers"]), frozenset(data["pointers"]), int(str(data["longest"])), turns)  # type: ignore[call-overload]

    def leans_back(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) may go on from the turn before."""
        words = re.findall(r"[a-z0-9']+", text)
        if not words or len(words) > self.longest:
            return False
        starts = {" ".join(words[:n]) for n in (1, 2, 3)}
        return len(words) <= 3 or bool(starts & self.openers) or bool(set(words) & self.pointers)

    def points_back(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) says nothing of its own: a pointing word, or three words at most."""
        words = re.findall(r"[a-z0-9']+", text)
        return len(words) <= 3 or bool(set(words) & self.pointers)

    def turned_to(self, last: Sequence[str], text: str) -> str | None:
        """Return the topic that ``text`` turns to after ``last``, where the table says so."""
        for after, says, topic in self.turns:
            if after & set(last) and says.search(text):
                return topic
        return None


def load(file: Path = FILE) -> FollowUps:
    """Build the follow-up rules from ``file``."""
    return FollowUps.from_data(yaml.safe_load(file.read_text("utf-8")))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")
