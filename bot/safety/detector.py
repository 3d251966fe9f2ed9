"""Tells whether a message says that somebody may be in danger, or insults. Rules only: no model, record or network."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.vocab import Vocab

from bot.safety import patterns
from bot.safety.patterns import SafetyRules, Words
from bot.text.text import Text

Span = tuple[int, int]
"""The first word of a match, and the one after its last."""
_ADDRESSED = frozenset(["you", "u", "ya", "your", "youre", "you're"])


class Detector:
    """Holds the patterns of each risk, in the order in which they are answered, and those of insults."""

    def __init__(self, file: Path = patterns.FILE, insults: Path = patterns.INSULTS) -> None:
        """Load the patterns."""
        self._vocabulary = Vocab()
        self._risks = patterns.load(self._vocabulary, file)
        self._insults = patterns.load(self._vocabulary, insults)["abuse"]

    def risk(self, text: Text) -> str | None:
        """Return "crisis", "child_at_risk" or "threat" where ``text`` can be read to say so; else None."""
        forms = [Words(form) for form in text.ways_to_read]
        stands = (topic for topic, rules in self._risks.items() if any(_stands(words, rules) for words in forms))
        return next(stands, None)

    def besides_insults(self, text: Text) -> str | None:
        """Return what ``text`` says besides its insults, which may be nothing; None where it has none."""
        # As typed too: mending the spelling makes other words of many insults.
        for form in (text.clean.lower(), text.normalised):
            words = Words(form)
            insults = list(_raised(words, self._insults))
            if insults:
                return _without(form, [_whole(words, span) for span in insults])
        return None


def _stands(words: Words, rules: SafetyRules) -> bool:
    return any(True for _ in _raised(words, rules))


def _raised(words: Words, rules: SafetyRules) -> Iterator[Span]:
    """Yield what ``words`` are raised by, but for what is taken away."""
    yield from rules.regardless.spans(words)
    spans = list(rules.raised.spans(words))
    if spans:
        taken = list(rules.unless.spans(words))
        yield from (span for span in spans if not any(span[0] < end and start < span[1] for start, end in taken))


def _whole(words: Words, span: Span) -> Span:
    """Return an insult with the "you" before it that nothing else is said of."""
    start, end = span
    return (start - 1, end) if start and words.all[start - 1] in _ADDRESSED else span


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return ``text`` without the words of ``spans``; what stands between the others stays."""
    places = patterns.places(text)
    cut = {character for start, end in spans for character in range(places[start][0], places[end - 1][1])}
    rest = "".join(c for position, c in enumerate(text) if position not in cut)
    return " ".join(rest.split()).lstrip(",.;:!- ")
