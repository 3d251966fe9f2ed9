"""The form in which a follow-up is classified: the topic that was answered last, a colon, and the message."""

from collections.abc import Container

NORMALISED, UNDIVIDED = "normalised", "undivided"
"""Metadata of a message: its normalised text, where that is known; whether it is read as a whole, and not in parts."""


def in_context(last: str, text: str) -> str:
    """Return ``text`` in the form of a follow-up to the answer on the topic ``last``."""
    return f"{last.replace('_', ' ')}: {text}"


def last_of(text: str, topics: Container[str]) -> str | None:
    """Return the topic, one of ``topics``, that ``text`` follows up; None if it stands by itself."""
    before, colon, _ = text.partition(": ")
    topic = before.replace(" ", "_")
    return topic if colon and topic in topics else None
