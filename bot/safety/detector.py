"""Tells whether a message says that a life or a child may be at risk. Rules only: no model, no record, no network."""

from collections.abc import Callable
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety import patterns
from bot.safety.patterns import Patterns


class Detector:
    """Holds the patterns of each risk, in the order in which they are answered."""

    def __init__(self, normalise: Callable[[str], str], file: Path = patterns.FILE) -> None:
        """Load the patterns; ``normalise`` gives the text the form that they are written in."""
        self._vocabulary = Vocab()
        self._normalise = normalise
        self._risks = patterns.load(self._vocabulary, file)

    def risk(self, text: str) -> str | None:
        """Return "crisis" or "child_at_risk" where ``text``, as typed, says so; else None."""
        doc = patterns.words(self._vocabulary, self._normalise(text))
        return next((topic for topic, (raised, unless) in self._risks.items() if _stands(doc, raised, unless)), None)


def _stands(doc: Doc, raised: Patterns, unless: Patterns) -> bool:
    spans = list(raised.spans(doc))
    if not spans:
        return False
    taken = list(unless.spans(doc))
    return any(not any(start < end_ and start_ < end for start_, end_ in taken) for start, end in spans)
