"""The plain words of a message for fixed phrases: small letters, no marks, no spelling correction.

Spelling correction is for questions. A word about consent must not become another one: "msging" is no "missing".
"""

import re

from bot.text.clean import clean
from bot.text.letters import plain_letters

_MOST = 4_000
"""Characters of a message that are looked at, before anything else bounds it."""
_WORD = re.compile(r"[a-z0-9]+")
_CLAUSE_END = re.compile(r"\n+|[.!?;:,]+(?:\s+|$)|\s+[-–—~|/]+\s*|\s*[–—]+\s*|[!?]+|\s*[()\[\]]\s*")


def plain(text: str) -> str:
    """Return the words of ``text``, one space between them, without apostrophes: "Don't STOP!" is "dont stop"."""
    return " ".join(_WORD.findall(plain_letters(text[:_MOST]).replace("'", "")))


def clauses(text: str) -> list[str]:
    """Return the words of each part of ``text`` that punctuation, a dash or a new line sets apart."""
    lines = "\n".join(clean(line) for line in text[:_MOST].splitlines())
    return [words for part in _CLAUSE_END.split(lines) if (words := plain(part))]
