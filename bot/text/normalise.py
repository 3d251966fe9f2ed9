"""From what a thumb typed to what was meant: one spelling for each word, so that a model needs to learn less.

The order matters: clean, plain letters, lower case, hidden words ("s t o p", "k1ll"), fixed phrases, digits that stand
for words ("2" in "need 2 go"), short forms ("wot" -> "what"), and spelling last, so that it never "corrects" a short
form into another word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ConfigurationError
from bot.text.characters import base_letters
from bot.text.clean import clean
from bot.text.disguise import Disguises
from bot.text.spelling import Speller

WORDS = Path(__file__).resolve().parents[2] / "data" / "words"
"""The word lists; whoever fingerprints this module has to fingerprint them as well."""

_TOKEN = re.compile(r"\d+(?:[.:/]\d+)+(?:am|pm)?|[a-z0-9][a-z0-9'&]*(?:-[a-z0-9]+)*|[^\sa-z0-9]", re.IGNORECASE)
_GLUED = re.compile(r"([a-z]*)([24])([a-z]*)")
_LETTERS = re.compile(r"[a-z]+$")
_SAME_MARK_AGAIN = re.compile(r"([!?.,])(?:\s*\1)+")


class WordListError(ConfigurationError):
    """A word list cannot be used; the message says which line and what was expected."""


@dataclass(frozen=True)
class Digit:
    """A digit used for a word, and the neighbours that give it away."""

    word: str
    before: frozenset[str]
    after: frozenset[str]
    counts: frozenset[str] = frozenset()
    """What there can be two or four of ("have 2 sessions")."""


class Normaliser:
    """Makes one spelling of many. Build it once (:func:`load`): it holds the word lists."""

    def __init__(
        self,
        speller: Speller,
        short_forms: Mapping[str, str],
        phrases: Mapping[str, str],
        digits: Mapping[str, Digit],
        often_hidden: Sequence[str] = (),
    ) -> None:
        self.speller = speller
        frequency = lambda word: speller.frequency(word) or int(word in short_forms)  # noqa: E731
        self._disguises = Disguises(often_hidden, frequency, speller.segmenter)
        self._short_forms = short_forms
        self._digits = digits
        self._phrases = phrases
        self._phrase = re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")\b") if phrases else None

    def __call__(self, text: str) -> str:
        """Return ``text`` in lower case with short forms written out and spelling mended."""
        text = self.undisguised(base_letters(clean(text)).lower())
        if self._phrase:
            text = self._phrase.sub(lambda match: self._phrases[match.group()], text)
        found = _TOKEN.findall(_SAME_MARK_AGAIN.sub(r"\1", text))
        tokens = [part for token in found for part in self._unglued(token)]
        words = [self._word(tokens, i) for i in range(len(tokens))]
        return re.sub(r" ([?!.,;:])", r"\1", " ".join(word for word in words if word))

    def undisguised(self, text: str) -> str:
        """Return ``text`` (in lower case) with its hidden words in plain letters: "s t o p", "k1ll"."""
        return self._disguises.undo(text)

    def knows_a_word_of(self, normalised: str) -> bool:
        """Tell whether any word or number of ``normalised`` is one: letters hit at random are none."""
        words = re.findall(r"[a-z0-9']+", normalised)
        return any(word.isdigit() or self.speller.knows(word) for word in words)

    def _word(self, tokens: list[str], i: int) -> str:
        token = tokens[i]
        digit = self._digits.get(token)
        if digit and self._stands_for_word(digit, tokens, i):
            return digit.word
        if token in self._short_forms:
            return self._short_forms[token]
        if _LETTERS.match(token):
            corrected: str = self.speller.correct(token)
            return " ".join(self._short_forms.get(word, word) for word in corrected.split())
        return token

    def _unglued(self, token: str) -> list[str]:
        """Return the parts of "want2die", where the digit stands for a word; any other token stays whole."""
        glued = None if token in self._short_forms else _GLUED.fullmatch(token)
        if not glued or token.isdigit():
            return [token]
        parts = [part for part in glued.groups() if part]
        digit, words = self._digits.get(glued[2]), [part for part in parts if part.isalpha()]
        known = digit and all(word in self._short_forms or self.speller.knows(word) for word in words)
        stands = known and (self._stands_for_word(digit, parts, parts.index(glued[2])) or glued[1] in digit.after)
        return parts if stands else [token]

    @staticmethod
    def _stands_for_word(digit: Digit, tokens: list[str], i: int) -> bool:
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        preceding = tokens[i - 1] if i else ""
        counts = following in digit.counts
        return following in digit.before or (preceding in digit.after and following.isalpha() and not counts)


def load(folder: Path = WORDS) -> Normaliser:
    """Build the normaliser from ``folder``'s word lists. Takes about a second."""
    lists: dict[str, Any] = yaml.safe_load((folder / "short_forms.yml").read_text("utf-8"))
    for form, word in [*lists["short_forms"].items(), *lists["phrases"].items()]:
        if not (isinstance(form, str) and isinstance(word, str)):  # YAML reads a bare yes or no as true or false
            raise WordListError(f"{form!r}: {word!r} in short_forms.yml: expected text, with quotes around yes and no")
    digits = {
        key: Digit(rule["word"], *(frozenset(rule[side]) for side in ("before", "after", "counts")))
        for key, rule in lists["digits"].items()
    }
    forms: dict[str, str] = lists["short_forms"]
    speller = Speller.load(folder / "vocabulary.txt", forms)
    return Normaliser(speller, forms, lists["phrases"], digits, _lines(folder / "disguised.txt"))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]


@cache
def shared() -> Normaliser:
    """Return the process's one normaliser, built on first use."""
    return load()


def normalise(text: str) -> str:
    """Normalise ``text`` with the project's own word lists."""
    return shared()(text)
