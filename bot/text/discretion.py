"""Whether a name would tell, in a text message, which programme it is about or what somebody has done.

Text messages are read on locked screens and by others. Venues, names of groups, the sender and the contact are in
them, so these may not name what the service never names itself. The words are in data/safety/telling.yml.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.text.typed import normalised

_WORDS = Path(__file__).resolve().parents[2] / "data" / "safety" / "telling.yml"
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPELT_OUT = re.compile(r"\b(?:[a-z0-9][\W_]+)+[a-z0-9]\b")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_WITHIN_WORDS = re.compile(r"(?<=[a-z0-9])[-.'’_](?=[a-z0-9])")
_MIXED = re.compile(r"\S*[a-z]\S*")
_FOR_LETTERS = str.maketrans("013457@$!|", "oieastasil")


@dataclass(frozen=True)
class _Telling:
    refused: re.Pattern[str]
    doubtful: re.Pattern[str]


def refused(text: str) -> str | None:
    """Return the words of ``text`` that name the programme or an offence; None where none does."""
    return _first(_telling().refused, text)


def doubtful(text: str) -> str | None:
    """Return the words of ``text`` that may give away what it is about, and are in honest addresses too."""
    return None if refused(text) else _first(_telling().doubtful, text)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = (pattern.search(reading) for reading in _readings(text))
    return next((match[0].strip() for match in found if match), None)


def _readings(text: str) -> Iterator[str]:
    """Yield the words of ``text`` as written, with capitals as borders, spelt out, and with digits for letters."""
    for written in (normalised(text), _CAPITAL.sub(" ", normalised(text))):
        marked = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", written).casefold())
        plain = "".join(c for c in marked if unicodedata.category(c) != "Mn")
        for spelling in (plain, _MIXED.sub(lambda word: word[0].translate(_FOR_LETTERS), plain)):
            joined = _SPELT_OUT.sub(lambda found: _BETWEEN_WORDS.sub("", found[0]), spelling)
            for reading in (spelling, joined, _WITHIN_WORDS.sub("", spelling)):
                yield _BETWEEN_WORDS.sub(" ", reading)


@cache
def _telling() -> _Telling:
    words = yaml.safe_load(_WORDS.read_text("utf-8"))
    return _Telling(*(re.compile(rf"\b(?:{'|'.join(words[kind])})\b") for kind in ("refused", "doubtful")))
