"""What makes a form ours: a token that only the pages shown to the holder of a cookie can carry.

It is a keyed hash of the cookie, so that nothing needs storing: it holds for as long as the cookie does, before
signing in too, and another visitor's token is worth nothing.
"""

import hmac
from base64 import urlsafe_b64encode

from bot.database.keyring import Keyring

FIELD = "form_token"
_PURPOSE = "web.form"


def token(keyring: Keyring, cookie: str) -> str:
    """Return what the forms shown to the holder of ``cookie`` carry in :data:`FIELD`."""
    return urlsafe_b64encode(keyring.digest(_PURPOSE, cookie)).decode().rstrip("=")


def is_ours(keyring: Keyring, cookie: str | None, given: str | None) -> bool:
    """Tell whether a form that came with ``cookie`` was shown by us."""
    if not cookie or not given:
        return False
    return hmac.compare_digest(token(keyring, cookie).encode(), given.encode("utf-8", "replace"))
