"""What one message says in an exchange about an absence, by its words alone: a pure reading.

Yes and no are read by :mod:`bot.dialogue.yes_no`, coming and not coming by :mod:`bot.dialogue.attending`; the other
words stand in data/dialogue/exchange.yml.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue import attending, yes_no
from bot.dialogue.attending import Attending
from bot.dialogue.yes_no import Agreement, YesNo
from bot.settings import ROOT

FILE = ROOT / "data" / "dialogue" / "exchange.yml"


class Event(StrEnum):
    """What a message does in the exchange."""

    AGREES = "agrees"
    DECLINES = "declines"
    UNCLEAR = "unclear"
    """It says yes or no and something against it."""
    COMES = "comes"
    UNSURE = "unsure"
    CANNOT = "cannot"
    LATE = "late"
    MISSED = "missed"
    REASON = "reason"
    WITHDRAWS = "withdraws"
    ASKS_NOTED = "asks_noted"
    ASKS_WHY = "asks_why"
    ASKS_WHO_SEES = "asks_who_sees"
    ASKS_PROOF = "asks_proof"
    ALL = "all"
    PICKS = "picks"
    """It picks one of the sessions offered; never read from words alone."""
    NAMES_DAY = "names_day"
    """It names another day than the one read back; never read from words alone."""
    OTHER = "other"


SIDE_QUESTIONS = frozenset({Event.ASKS_NOTED, Event.ASKS_WHY, Event.ASKS_WHO_SEES, Event.ASKS_PROOF})
_BY_WORDS = (Event.ALL, Event.ASKS_PROOF, Event.ASKS_WHO_SEES, Event.ASKS_WHY, Event.ASKS_NOTED)
_STATED = {
    Attending.UNSURE: Event.UNSURE,
    Attending.CANNOT: Event.CANNOT,
    Attending.LATE: Event.LATE,
    Attending.MISSED: Event.MISSED,
}


@dataclass(frozen=True)
class ExchangeReading:
    """The event, and what goes with it."""

    event: Event
    begins: Agreement = Agreement.NEITHER
    """What the known beginning says: "yes" of "yes I can come"."""
    because: bool = False
    """Whether it gives a reason in so many words."""


@dataclass(frozen=True)
class Exchange:
    """Reads messages of the exchange."""

    yes_no: YesNo
    attending: attending.AttendingRules
    patterns: Mapping[str, re.Pattern[str]]

    def read(self, raw: str, text: str) -> ExchangeReading:
        """Return what a message does: ``raw`` as it was written, ``text`` normalised."""
        bare = text.rstrip(" .!?,")
        event = self._by_words(bare)
        if event is Event.ALL or (event and self.yes_no.read(raw) is Agreement.NEITHER):  # "y" is normalised to "why"
            return ExchangeReading(event)
        begins, rest = self.yes_no.begins_with(text)
        stated = self.attending.read(text)
        if stated is Attending.COMES:
            return ExchangeReading(Event.COMES, begins)
        if self.patterns["because"].search(text):
            if begins is not Agreement.YES:
                return ExchangeReading(Event.REASON, begins, because=True)
            return self._explained_yes(rest, reason=True)
        consent = self.consent(raw, text)
        if self.patterns["withdraws"].search(bare) and consent is not Agreement.YES:
            return ExchangeReading(Event.WITHDRAWS, begins)
        if consent in (Agreement.YES, Agreement.NO):
            return ExchangeReading(Event.AGREES if consent is Agreement.YES else Event.DECLINES, begins)
        if begins is Agreement.YES and self.attending.read(rest) is Attending.CANNOT:
            return ExchangeReading(Event.AGREES, begins)
        if consent is Agreement.CONTRADICTS and stated is not Attending.CANNOT:
            return self._explained_yes(rest, reason=begins is Agreement.YES and self.gives_reason(rest), begins=begins)
        if stated in _STATED:
            return ExchangeReading(_STATED[stated], begins)
        return ExchangeReading(Event.REASON if self.gives_reason(text) else Event.OTHER, begins)

    def _explained_yes(self, rest: str, *, reason: bool, begins: Agreement = Agreement.YES) -> ExchangeReading:
        """Return a yes with its reason; unclear where what stands behind it can mean that they come after all."""
        if reason and not self.patterns["turns"].search(rest):
            return ExchangeReading(Event.AGREES, begins, because=True)
        return ExchangeReading(Event.UNCLEAR, begins)

    def _by_words(self, bare: str) -> Event | None:
        return next((event for event in _BY_WORDS if self.patterns[event].search(bare)), None)

    def consent(self, raw: str, text: str) -> Agreement:
        """Return whether a message means yes or no, as it was written ("y") or with its spelling mended."""
        readings = (self.yes_no.read(raw), self.yes_no.read(text))
        by_weight = (Agreement.YES, Agreement.NO, Agreement.CONTRADICTS)
        return next((consent for consent in by_weight if consent in readings), Agreement.NEITHER)

    def gives_reason(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) can be the reason for an absence."""
        return not self.yes_no.asks(text) and bool(self.patterns["reasons"].search(text))

    def asks(self, text: str) -> bool:
        """Tell whether ``text`` asks something."""
        return self.yes_no.asks(text)


def load(file: Path = FILE) -> Exchange:
    """Read ``file``, and those of yes and no and of coming."""
    data: Mapping[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    patterns = {name: re.compile("|".join(lines)) for name, lines in data.items()}
    return Exchange(yes_no.load(), attending.load(), patterns)
