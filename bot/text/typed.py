"""What people type or paste into a field or a cell: brought to one form, and compared as a reader would."""

import unicodedata
from functools import lru_cache

_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters that are drawn as nothing, or as a space."""
_JOINS = frozenset(("\u034f", *map(chr, range(0x180B, 0x1810)), *map(chr, range(0xFE00, 0xFE10))))
"""Marks that only choose how their neighbours are drawn."""
_DROPPED = frozenset({"Cf", "Cn", "Co", "Cc"})
"""Format characters (zero-width, soft hyphens, those that turn the direction of writing), and what is no character."""
_DASHES = (*map(chr, range(0x2010, 0x2016)), "\u2212", "\ufe58", "\ufe63")
_APOSTROPHES = ("\u2018", "\u2019", "\u201b", "\u02bc", "`", "\u00b4", "\uff07")
_QUOTATION_MARKS = ("\u201c", "\u201d", "\u201e", "\u201f")
_SAME = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_QUOTATION_MARKS, '"')}
)


def normalised(text: str) -> str:
    """Return ``text`` on one line in NFC: no character that cannot be seen, and single spaces, none around it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(_visible(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def normalised_lines(text: str) -> str:
    """Return ``text`` with each of its lines :func:`normalised`."""
    return "\n".join(normalised(line) for line in text.splitlines())


@lru_cache(maxsize=4_096)
def compared(text: str) -> str:
    """Return what ``text`` is compared by: without case, width of letters, and kinds of dashes and apostrophes."""
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).casefold()
    return normalised(unicodedata.normalize("NFKC", plain))


def _visible(character: str) -> str:
    if character.isspace() or character in _BLANK:
        return " "
    return "" if character in _JOINS or unicodedata.category(character) in _DROPPED else character
