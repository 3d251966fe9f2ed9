"""Tells whether a message says that somebody may be in danger, or insults. Rules only: no model, record or network."""

from collections.abc import Callable
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety import patterns
from bot.safety.patterns import Patterns


class Detector:
    """Holds the patterns of each risk, in the order in which they are answered, and those of insults."""

    def __init__(
        self, normalise: Callable[[str], str], file: Path = patterns.FILE, insults: Path = patterns.INSULTS
    ) -> None:
        """Load the patterns; ``normalise`` gives the text the form that they are written in."""
        self._vocabulary = Vocab()
        self._normalise = normalise
        self._risks = patterns.load(self._vocabulary, file)
        self._insults = patterns.load(self._vocabulary, insults)["abuse"]

    def risk(self, text: str) -> str | None:
        """Return "crisis", "child_at_risk" or "threat" where ``text``, as typed, says so; else None."""
        doc = patterns.words(self._vocabulary, self._normalise(text))
        return next((topic for topic, rules in self._risks.items() if _stands(doc, *rules)), None)

    def insults(self, text: str) -> bool:
        """Tell whether ``text``, as typed, insults the bot or staff."""
        # As typed too: mending the spelling makes other words of many insults.
        forms = (text.lower(), self._normalise(text))
        return any(_stands(patterns.words(self._vocabulary, form), *self._insults) for form in forms)


def _stands(doc: Doc, raised: Patterns, unless: Patterns) -> bool:
    spans = list(raised.spans(doc))
    if not spans:
        return False
    taken = list(unless.spans(doc))
    return any(not any(start < end_ and start_ < end for start_, end_ in taken) for start, end in spans)
