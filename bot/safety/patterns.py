"""Reads the patterns of data/safety/ into spaCy matchers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.errors import ConfigurationError
from bot.settings import ROOT

FILE = ROOT / "data" / "safety" / "patterns.yml"
_GAP = 3


class PatternError(ConfigurationError):
    """A pattern file cannot be used; the message says where and what was expected."""


def load(vocabulary: Vocab, file: Path = FILE) -> dict[str, tuple[Matcher, Matcher]]:
    """Return for each topic of ``file`` what raises it and what takes it away."""
    topics: Mapping[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return {
        topic: (_matcher(vocabulary, rules["patterns"]), _matcher(vocabulary, rules.get("unless", [])))
        for topic, rules in topics.items()
    }


def words(vocabulary: Vocab, normalised: str) -> Doc:
    """Return ``normalised`` text as the words that patterns match, punctuation left out."""
    bare = "".join(c if c.isalnum() or c in "'-" else " " for c in normalised)
    return spacy.tokens.Doc(vocabulary, words=bare.split())


def _matcher(vocabulary: Vocab, lines: list[str]) -> Matcher:
    matcher = Matcher(vocabulary)
    for line in lines:
        matcher.add(line, [_tokens(line)])
    return matcher


def _tokens(line: str) -> list[dict[str, Any]]:
    if not isinstance(line, str) or not line.strip():
        raise PatternError(f"a pattern is {line!r}: expected words, as the head of the file explains")
    return [token for word in line.split() for token in _token(word)]


def _token(word: str) -> list[dict[str, Any]]:
    if word == "*":
        return [{"OP": "?"}] * _GAP
    optional = {"OP": "?"} if word.endswith("?") else {}
    return [{"ORTH": {"IN": word.removesuffix("?").split("|")}} | optional]
