"""Reads the patterns of data/safety/ into spaCy matchers."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.errors import ConfigurationError
from bot.settings import ROOT

FILE = ROOT / "data" / "safety" / "patterns.yml"
INSULTS = ROOT / "data" / "safety" / "abuse.yml"
_GAP = 3
_NO_WORD = re.compile(r"[^\w'-]")
_NAME = re.compile(r"\$(\w+)")


class PatternError(ConfigurationError):
    """A pattern file cannot be used; the message says where and what was expected."""


class Words:
    """A text's words as patterns match them; spaCy is given them once, and only where a pattern is tried."""

    def __init__(self, normalised: str) -> None:
        """Take ``normalised`` text; its punctuation is left out."""
        self.all = _bare(normalised).split()
        self.distinct = frozenset(self.all)
        self._doc: Doc | None = None

    def doc(self, vocabulary: Vocab) -> Doc:
        """Return them as spaCy has them; all patterns that are tried on them share one ``vocabulary``."""
        if self._doc is None:
            self._doc = Doc(vocabulary, words=self.all)
        return self._doc


class Patterns:
    """Patterns that are tried only on texts that hold a word for each place they require: most are never tried."""

    def __init__(self, vocabulary: Vocab, lines: Iterable[str]) -> None:
        """Compile ``lines``, each in the notation that the head of the file explains."""
        self._vocabulary = vocabulary
        self._by_word: dict[str, list[tuple[list[frozenset[str]], Matcher]]] = {}
        for line in lines:
            places = _places(line)
            matcher = Matcher(vocabulary)
            matcher.add(line, [[token for words, optional in places for token in _tokens(words, optional)]])
            required = sorted((words for words, optional in places if words and not optional), key=len)
            if not required:
                raise PatternError(f"a pattern is {line!r}: expected at least one word that has to be there")
            for word in required[0]:
                self._by_word.setdefault(word, []).append((required[1:], matcher))

    def spans(self, words: Words) -> Iterator[tuple[int, int]]:
        """Yield where a pattern matches ``words``, as the first of them and the one after the last."""
        for word in words.distinct & self._by_word.keys():
            for required, matcher in self._by_word[word]:
                if not any(words.distinct.isdisjoint(alternatives) for alternatives in required):
                    yield from ((start, end) for _, start, end in matcher(words.doc(self._vocabulary)))


@dataclass(frozen=True)
class SafetyRules:
    """What raises a topic."""

    raised: Patterns
    unless: Patterns
    """What takes away a match that it overlaps."""
    regardless: Patterns
    """What raises the topic and cannot be taken away."""


def load(vocabulary: Vocab, file: Path = FILE) -> dict[str, SafetyRules]:
    """Return the rules of each topic of ``file``."""
    topics: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    named: Mapping[str, str] = topics.pop("words", {})

    def patterns(rules: Mapping[str, Any], kind: str) -> Patterns:
        return Patterns(vocabulary, (_written_out(line, named) for line in rules.get(kind, [])))

    return {
        topic: SafetyRules(patterns(rules, "patterns"), patterns(rules, "unless"), patterns(rules, "regardless"))
        for topic, rules in topics.items()
    }


def places(normalised: str) -> list[tuple[int, int]]:
    """Return where in the text each of its :class:`Words` stands, as (first character, the one after the last)."""
    return [found.span() for found in re.finditer(r"\S+", _bare(normalised))]


def _bare(text: str) -> str:
    return _NO_WORD.sub(" ", text).replace("_", " ")


def _written_out(line: Any, named: Mapping[str, str]) -> Any:
    """Return a pattern with the words that its $names stand for; what is no text is told by whoever compiles it."""
    if not isinstance(line, str):
        return line
    unknown = [name for name in _NAME.findall(line) if name not in named]
    if unknown:
        raise PatternError(f"a pattern is {line!r}: expected ${unknown[0]} under `words`")
    return _NAME.sub(lambda match: named[match[1]], line)


def _places(line: str) -> list[tuple[frozenset[str], bool]]:
    """Return for each place of a pattern its words (none for a gap) and whether it may be missing."""
    if not isinstance(line, str) or not line.strip():
        raise PatternError(f"a pattern is {line!r}: expected words, as the head of the file explains")
    return [
        (frozenset(), True) if place == "*" else (frozenset(place.removesuffix("?").split("|")), place.endswith("?"))
        for place in line.split()
    ]


def _tokens(words: frozenset[str], optional: bool) -> list[dict[str, Any]]:
    if not words:
        return [{"OP": "?"}] * _GAP
    return [{"ORTH": {"IN": sorted(words)}} | ({"OP": "?"} if optional else {})]
