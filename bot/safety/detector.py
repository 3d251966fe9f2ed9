"""Tells whether a message says that a life or a child may be at risk. Rules only: no model, no record, no network."""

from collections.abc import Callable
from pathlib import Path

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety import patterns


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


def _stands(doc: Doc, raised: Matcher, unless: Matcher) -> bool:
    taken = [(start, end) for _, start, end in unless(doc)]
    return any(
        not any(start < taken_end and taken_start < end for taken_start, taken_end in taken)
        for _, start, end in raised(doc)
    )
