"""Whether a password of staff can be guessed, and why: zxcvbn's judgement in the words of data/staff/passwords.yml."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SHORTEST = 12
"""In characters."""
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: 100 million guesses or more, each of which takes a slow hash."""
_SERVICE = ("leafline",)
"""What anybody who sees the page would try."""
_LOOKED_AT = 72
"""zxcvbn takes longer and longer for more characters, and looks at no more than these."""
_WORDS = Path(__file__).resolve().parents[3] / "data" / "staff" / "passwords.yml"
_BY_PATTERN = {"spatial": "keys", "repeat": "repeat", "sequence": "sequence", "regex": "date", "date": "date"}
_BY_LIST = {
    "user_inputs": "yours",
    "passwords": "common",
    "surnames": "name",
    "male_names": "name",
    "female_names": "name",
    "english_wikipedia": "word",
    "us_tv_and_film": "word",
}


def weakness(password: str, about: Iterable[str] = ()) -> str | None:
    """Return why ``password`` is refused, as a member is told; None where it is good enough.

    ``about`` is what others know of the member: name, email address, office.
    """
    if len(password) < SHORTEST:
        return str(_words()["too_short"]).format(least=SHORTEST)
    from zxcvbn import zxcvbn  # reads its lists of words, which nothing else needs

    found = zxcvbn(password[:_LOOKED_AT], user_inputs=_known((*about, *_SERVICE)))
    if found["score"] >= LEAST_SCORE:
        return None
    return f"{_words()['why'][_why(found['sequence'])]}. {_words()['advice']}"


def _known(about: Iterable[str]) -> list[Any]:
    """Return each of ``about`` whole, without its spaces, and in parts."""
    texts = [text.casefold() for text in about if text]
    parts = (part for text in texts for part in [text, re.sub(r"\W+", "", text), *re.split(r"\W+", text)])
    return list(dict.fromkeys(part for part in parts if len(part) > 2))


def _why(sequence: Sequence[Mapping[str, Any]]) -> str:
    """Return the key of what the longest part of a password is."""
    longest = max(sequence, key=lambda match: len(match["token"]), default={"pattern": ""})
    if longest["pattern"] == "dictionary":
        return _BY_LIST.get(longest["dictionary_name"], "other")
    return _BY_PATTERN.get(longest["pattern"], "other")


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(_WORDS.read_text("utf-8"))
    return words
