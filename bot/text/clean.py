"""What may reach anything else: one line of printable text of bounded length."""

import re
import unicodedata

MAX_CHARACTERS = 2_000
"""How much of a message is read. Of a longer one, its start and (where the question often is) its end."""

_SAME_MARK = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‛": "'",
        "`": "'",
        "´": "'",
        "ʼ": "'",
        "ʻ": "'",
        "′": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "―": "-",
        "−": "-",
        "…": "...",
    }
)
_ASCII = str.maketrans({"`": "'", **{chr(code): " " for code in (*range(32), 127)}})
"""What becomes of plain ASCII, which most messages are: it has no other marks, and nothing that cannot be seen."""
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters of Korean and Braille that are blank."""
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return ``text`` on one line, NFKC, without control characters or lone surrogates, and bounded."""
    if len(text) > 2 * MAX_CHARACTERS:  # before any pass over it: 100,000 characters cost what 4,000 do
        text = text[:MAX_CHARACTERS] + " " + text[-MAX_CHARACTERS:]
    text = _SPACE.sub(" ", text.translate(_ASCII) if text.isascii() else _visible(text)).strip()
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = text[:half].rsplit(" ", 1)[0] + " " + text[-half:].split(" ", 1)[-1]
    return text


def has_words(text: str) -> bool:
    """Tell whether ``text`` holds a letter or a digit at all (not only emoji or marks)."""
    return any(c.isalnum() for c in text)


def has_no_width(character: str) -> bool:
    """Tell whether ``character`` shows nothing: zero-width spaces and joiners, soft hyphens, fillers."""
    return unicodedata.category(character) == "Cf" or character in _FILLERS


def _visible(text: str) -> str:
    # Before NFKC, which makes a space and an accent of "´", and after it, for what it makes.
    text = unicodedata.normalize("NFKC", text.translate(_SAME_MARK)).translate(_SAME_MARK)
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if _is_visible(c))


def _is_visible(character: str) -> bool:
    # Cf holds right-to-left overrides and zero-width joiners, Cs lone surrogates, Co private use.
    return not has_no_width(character) and unicodedata.category(character) not in ("Cs", "Co", "Cn")
