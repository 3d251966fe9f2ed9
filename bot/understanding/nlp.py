"""The spaCy pipeline, which uses English rules and no downloaded model.

It takes normalised text (lower case, spelling corrected) and finds where one question ends and the next begins.
"""

from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.understanding.parts import bounded

_OPENERS = frozenset(
    [
        "what",
        "when",
        "where",
        "who",
        "why",
        "how",
        "which",
        "can",
        "could",
        "do",
        "does",
        "did",
        "am",
        "is",
        "are",
        "was",
        "will",
        "would",
        "should",
        "shall",
        "have",
        "has",
        "must",
        "may",
        "also",
        "whats",
    ]
)
_JOINERS = frozenset(["and", "also", "plus", "or", "but", ","])
_MIN_WORDS = 2
_OPENING = 3
"""A question word among the first so many words of a part makes it a question; many writers leave the mark out."""


@dataclass(frozen=True)
class SpacyReading:
    """What the pipeline found in one message: its parts, in order."""

    parts: tuple[str, ...]
    asks: tuple[bool, ...]
    """For each part whether it has the form of a question; what leads up to one does not count as another."""


def build() -> Language:
    """Build the pipeline, which takes about half a second, most of it for importing spaCy."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}})
    # Normalised text has one space between words; splitting "k7qf-2mpd" or "10.30" further would break them.
    from spacy.tokenizer import Tokenizer

    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        prefix_search=spacy.util.compile_prefix_regex([r"\(", '"', "'", "£"]).search,
        suffix_search=spacy.util.compile_suffix_regex([r"\)", '"', "'", ",", r"\.", r"\?", "!", ";", ":"]).search,
    )
    nlp.add_pipe("sentencizer")
    return nlp


def read(nlp: Language, normalised: str) -> SpacyReading:
    """Return the parts of ``normalised`` text."""
    parts = tuple(bounded(_parts(nlp(normalised))))
    return SpacyReading(parts, tuple(map(_asks, parts)))


def _asks(part: str) -> bool:
    return not _OPENERS.isdisjoint(part.split()[:_OPENING])


def _parts(doc: Doc) -> list[str]:
    """Split a message where it may turn to something else: sentences, and "... and what/can/do ..."."""
    parts: list[str] = []
    for sentence in doc.sents:
        start = sentence.start
        for i in range(sentence.start + _MIN_WORDS, sentence.end - _MIN_WORDS):
            if doc[i].lower_ in _JOINERS and doc[i + 1].lower_ in _OPENERS:
                parts.append(doc[start:i].text)
                start = i + 1
        parts.append(doc[start : sentence.end].text)
    return [part.strip(" ,.;:-") for part in parts if any(c.isalnum() for c in part)]
