"""Tells whether a message says that somebody may be in danger, or insults. Rules only: no model, no record, no network."""

from collections.abc import Callable, Iterator
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
        return next((topic for topic, rules in self._risks.items() if any(_standing(doc, *rules))), None)

    def insult(self, text: str) -> str | None:
        """Return what ``text``, as typed, says besides its insults, which may be nothing; None where it has none."""
        # As typed too: mending the spelling makes other words of many insults.
        for form in (text.lower(), self._normalise(text)):
            doc = patterns.words(self._vocabulary, form)
            spans = list(_standing(doc, *self._insults))
            if spans:
                insulting = {position for start, end in spans for position in range(start, end)}
                return " ".join(token.text for token in doc if token.i not in insulting)
        return None


def _standing(doc: Doc, raised: Patterns, unless: Patterns) -> Iterator[tuple[int, int]]:
    """Yield where ``raised`` matches and no match of ``unless`` overlaps it."""
    spans = list(raised.spans(doc))
    if not spans:
        return
    taken = list(unless.spans(doc))
    yield from (
        (start, end) for start, end in spans if not any(start < end_ and start_ < end for start_, end_ in taken)
    )
