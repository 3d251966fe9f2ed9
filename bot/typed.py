"""What people type or paste into a field or a cell: brought to one form, and compared as a reader would."""

import unicodedata

_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters that are drawn as nothing, or as a space."""
_JOINS = frozenset(("\u034f", *map(chr, range(0x180B, 0x1810)), *map(chr, range(0xFE00, 0xFE10))))
"""Marks that only choose how their neighbours are drawn."""
_DROPPED = frozenset({"Cf", "Cn", "Co", "Cc"})
"""Format characters (zero-width ones, soft hyphens, those that turn the direction of writing), and what is no character."""
_DASHES_AND_APOSTROPHES = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‛`´ʼ＇", "'"), **dict.fromkeys("“”„‟", '"')}
)


def normalised(text: str) -> str:
    """Return ``text`` on one line in NFC: no character that cannot be seen, and single spaces, none around it."""
    kept = "".join(_visible(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def normalised_lines(text: str) -> str:
    """Return ``text`` with each of its lines :func:`normalised`."""
    return "\n".join(normalised(line) for line in text.splitlines())


def compared(text: str) -> str:
    """Return what ``text`` is compared by: without case, width of letters, and kinds of dashes and apostrophes."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES_AND_APOSTROPHES)).casefold()
    return normalised(unicodedata.normalize("NFKC", plain))


def _visible(character: str) -> str:
    if character.isspace() or character in _BLANK:
        return " "
    return "" if character in _JOINS or unicodedata.category(character) in _DROPPED else character
