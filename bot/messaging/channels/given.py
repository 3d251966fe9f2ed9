"""What providers give in their calls, checked before anything is done with it."""

import hmac

from bot.errors import InvalidPayloadError

LONGEST_ID = 120
"""Characters of a provider's own id for a message that are kept."""


def same(given: str, expected: str) -> bool:
    """Tell whether a caller's token is the one that is expected, in a time that says nothing of where they differ."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def stored(provider_id: str) -> str:
    """Return ``provider_id`` as it is kept; raise UnusableError for one that no database can hold."""
    if not provider_id or not provider_id.isprintable():
        raise InvalidPayloadError("no id, or one with characters that cannot be stored")
    return provider_id[:LONGEST_ID]


def readable(text: str) -> str:
    """Return ``text`` without halves of characters (lone surrogates), which JSON can carry and nothing can store."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
