"""The spaCy pipeline: English rules and the project's own patterns, no downloaded model.

It reads normalised text (lower case, spelling mended) and marks dates, times, session numbers and codes, and
where one question ends and the next begins.
"""

from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.understanding.parts import bounded

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
]  # fmt: skip
_DAY_OF_MONTH = {"TEXT": {"REGEX": r"^(0?[1-9]|[12][0-9]|3[01])(st|nd|rd|th)?$"}}
_YEAR = {"TEXT": {"REGEX": r"^20\d{2}$"}, "OP": "?"}
_CODE = r"^(?=.*[a-z])(?=.*[0-9])[a-hj-km-np-z2-9]{4}-[a-hj-km-np-z2-9]{4}$"

PATTERNS: list[dict[str, Any]] = [
    {"label": "weekday", "pattern": [{"LOWER": {"IN": ["this", "next", "last"]}, "OP": "?"}, {"LOWER": {"IN": _DAYS}}]},
    {"label": "date", "pattern": [{"LOWER": {"IN": ["today", "tonight", "tomorrow", "yesterday"]}}]},
    {"label": "date", "pattern": [_DAY_OF_MONTH, {"LOWER": "of", "OP": "?"}, {"LOWER": {"IN": _MONTHS}}, _YEAR]},
    {"label": "date", "pattern": [{"LOWER": {"IN": _MONTHS}}, _DAY_OF_MONTH, {"TEXT": ",", "OP": "?"}, _YEAR]},
    {"label": "date", "pattern": [{"LOWER": "in"}, {"LOWER": {"IN": _MONTHS}}, _YEAR]},
    {"label": "date", "pattern": [{"TEXT": {"REGEX": r"^\d{4}-\d{2}-\d{2}$"}}]},
    {"label": "date", "pattern": [{"TEXT": {"REGEX": r"^(0?[1-9]|[12]\d|3[01])[./-](0?[1-9]|1[0-2])([./-](\d{2}|20\d{2}))?$"}}]},
    {"label": "weekday", "pattern": [{"LOWER": "a"}, {"LOWER": "week"}, {"LOWER": "on"}, {"LOWER": {"IN": _DAYS}}]},
    {"label": "weekday", "pattern": [{"LOWER": {"IN": _DAYS}}, {"LOWER": "week"}]},
    {"label": "date", "pattern": [{"LOWER": "week"}, {"LOWER": "after"}, {"LOWER": "next"}]},
    {"label": "date", "pattern": [{"LOWER": "in"}, {"LOWER": "a"}, {"LOWER": "fortnight"}]},
    {"label": "date", "pattern": [{"TEXT": {"REGEX": r"^(0?[1-9]|[12][0-9]|3[01])(st|nd|rd|th)$"}}]},
    {"label": "date", "pattern": [{"LOWER": {"IN": ["this", "next", "last"]}}, {"LOWER": {"IN": ["week", "weekend", "month"]}}]},
    {"label": "date", "pattern": [{"LOWER": "day"}, {"LOWER": "after"}, {"LOWER": "tomorrow"}]},
    {"label": "date", "pattern": [{"LOWER": "in"}, {"LOWER": {"REGEX": r"^(\d{1,2}|a|one|two|three|four)$"}}, {"LOWER": {"REGEX": "^(day|week|month)s?$"}}]},
    {"label": "time", "pattern": [{"TEXT": {"REGEX": r"^\d{1,2}([:.]\d{2})?(am|pm)$"}}]},
    {"label": "time", "pattern": [{"TEXT": {"REGEX": r"^\d{1,2}([:.]\d{2})?$"}}, {"LOWER": {"IN": ["am", "pm", "o'clock"]}}]},
    {"label": "session_number", "pattern": [{"LOWER": {"IN": ["session", "number"]}}, {"LOWER": {"IN": ["number", "no"]}, "OP": "?"}, {"TEXT": {"REGEX": r"^([1-9]|[12]\d|3[0-5])$"}}]},
    {"label": "session_number", "pattern": [{"TEXT": {"REGEX": r"^([1-9]|[12]\d|3[0-5])(st|nd|rd|th)$"}}, {"LOWER": "session"}]},
    {"label": "code", "pattern": [{"TEXT": {"REGEX": _CODE}}]},
]  # fmt: skip

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
class Reading:
    """What the pipeline found in one message: its parts, in order, and its entities as Rasa writes them."""

    parts: tuple[str, ...]
    asks: tuple[bool, ...]
    """For each part whether it has the form of a question; what leads up to one does not count as another."""
    entities: tuple[dict[str, Any], ...]


def build() -> Language:
    """Build the pipeline. Takes about half a second, most of it importing spaCy."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}})
    # Normalised text has one space between words; splitting "k7qf-2mpd" or "10.30" further would break them.
    from spacy.tokenizer import Tokenizer

    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        prefix_search=spacy.util.compile_prefix_regex([r"\(", '"', "'", "£"]).search,
        suffix_search=spacy.util.compile_suffix_regex([r"\)", '"', "'", ",", r"\.", r"\?", "!", ";", ":"]).search,
    )
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(PATTERNS)
    return nlp


def read(nlp: Language, normalised: str) -> Reading:
    """Return the parts and entities of ``normalised`` text."""
    doc = nlp(normalised)
    entities = tuple(
        {
            "entity": e.label_,
            "value": e.text,
            "start": e.start_char,
            "end": e.end_char,
            "extractor": "SpacyLanguage",
        }
        for e in doc.ents
    )
    parts = tuple(bounded(_parts(doc)))
    return Reading(parts, tuple(map(_asks, parts)), entities)


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
