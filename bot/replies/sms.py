"""Text messages: long answers in several, split between sentences, each one readable by itself."""

import re

from bot.replies.gsm import parts

MAX_PARTS = 6
"""Parts of one message: 918 places of the GSM alphabet, and what GOV.UK Notify takes at most."""
_BOUNDARIES = (r"(?<=\n)", r"(?<=[.!?]) ", r" ", r"")


def split(text: str, max_parts: int = MAX_PARTS) -> list[str]:
    """Return ``text`` in pieces of at most ``max_parts`` parts: cut at lines, sentences, words, or else anywhere."""
    return [piece for piece in _split(text.strip(), max_parts, 0) if piece]


def _split(text: str, max_parts: int, boundary: int) -> list[str]:
    if parts(text) <= max_parts:
        return [text]
    pattern = _BOUNDARIES[boundary]
    pieces = re.split(pattern, text) if pattern else list(text)
    glue = " " if pattern.endswith(" ") else ""
    found: list[str] = []
    for piece in pieces:
        joined = f"{found[-1]}{glue}{piece}" if found else piece
        if found and parts(joined.strip()) <= max_parts:
            found[-1] = joined
        elif parts(piece) <= max_parts:
            found.append(piece)
        else:
            found += _split(piece, max_parts, boundary + 1)
    return [piece.strip() for piece in found]
