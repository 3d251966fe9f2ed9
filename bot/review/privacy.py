"""Decides which questions staff may read: none that could identify who asked, and none about danger or a record."""

import re
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.records.participants.tables import participant
from bot.text import personal_codes
from bot.topics.registry import NEVER_KEPT

_THREAT = "threat"
"""An alert that is no topic."""
_LONG_NUMBER = re.compile(r"\d[\d ./-]{2,}\d")
"""At least four digits with common separators: a telephone number, a date with its year, a case number."""
_REFERENCE = re.compile(r"(?=(?:\w|-)*\d\w*-?\d)(?=(?:\w|-)*[a-z])[\w-]+", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?:am|pm|st|nd|rd|th|hrs?|mins?|wks?)|\d+-\w+", re.IGNORECASE)
_ADDRESS = re.compile(r"\S@\S|https?:|www\.", re.IGNORECASE)
_TOKEN = re.compile(r"[\w-]+")
_MANY = 200
"""At most this many words of a text are looked up; a question has far fewer."""


def is_never_kept(topic: str | None) -> bool:
    """Tell whether questions about ``topic`` are kept for nobody to read."""
    return topic == _THREAT or topic in NEVER_KEPT


def contains_identifier(text: str) -> bool:
    """Tell whether cleaned ``text`` contains a code, a PIN, a long number, a reference or an address."""
    found = personal_codes.find(text)
    if found.any or found.digits or _ADDRESS.search(text) or _long_number(text):
        return True
    return any(_looks_like_reference(token) for token in _TOKEN.findall(text))


def mentions_reference(connection: Connection, text: str) -> bool:
    """Tell whether a word of ``text``, or two neighbouring words, are the reference of a participant."""
    tokens = _TOKEN.findall(text)[:_MANY]
    words = {*tokens, *(f"{one}{next_one}" for one, next_one in pairwise(tokens))}
    if not words:
        return False
    query = select(participant.c.id).where(participant.c.reference_hash.in_(sorted(words)))
    return connection.execute(query.limit(1)).first() is not None


def _long_number(text: str) -> bool:
    return any(sum(c.isdigit() for c in found) >= 4 for found in _LONG_NUMBER.findall(text))


def _looks_like_reference(token: str) -> bool:
    return bool(_REFERENCE.fullmatch(token)) and not _TIME.fullmatch(token)
