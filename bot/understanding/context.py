"""How a message is written that is read in the light of an answer: the answer's topic, a colon, the message."""

from collections.abc import Container

NORMALISED, UNDIVIDED = "normalised", "undivided"
"""Metadata of a message: its normalised text, where that is known; whether it is read as a whole, and not in parts."""


def in_context(last: str, text: str) -> str:
    """Return ``text`` as it is read in the light of the answer on the topic ``last``."""
    return f"{last.replace('_', ' ')}: {text}"


def last_of(text: str, topics: Container[str]) -> str | None:
    """Return the topic, one of ``topics``, in whose light ``text`` is to be read; None where it stands by itself."""
    before, colon, _ = text.partition(": ")
    topic = before.replace(" ", "_")
    return topic if colon and topic in topics else None
