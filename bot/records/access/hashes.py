"""Hashes of what people type to prove who they are: PINs and passwords."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$3CzqhgwZkvAcrLcRbJZ8jg$3dKGmGREZk1m7iG09ZxrEJ9eTCI9hXwVbLn1Hn7XfoQ"
"""The hash of nothing at all."""


def hashed(secret: str) -> str:
    """Return what is kept of ``secret``."""
    return str(_hasher.hash(secret))


def matches(kept: str | None, secret: str) -> bool:
    """Tell whether ``secret`` is the one that was kept. Where none was, it takes as long: time tells nothing."""
    try:
        return _hasher.verify(kept or _NOBODYS, secret)
    except (VerifyMismatchError, InvalidHashError):
        return False


class OfferedPin:
    """The PIN that one message offers. It is hashed once, and compared once with each hash.

    Either takes a tenth of a second. The write that counts a wrong PIN is rehearsed and then performed, and while it
    runs no other message can be written: what was worked out before is not worked out again.
    """

    def __init__(self, digits: str) -> None:
        """Take the ``digits`` as they were sent."""
        self._digits = digits
        self._hash: str | None = None
        self._matches: dict[str | None, bool] = {}

    def hashed(self) -> str:
        """Return what is kept of the PIN; the same at every call."""
        if self._hash is None:
            self._hash = hashed(self._digits)
        return self._hash

    def matches(self, kept: str | None) -> bool:
        """Tell whether it is the PIN that was ``kept``; see :func:`matches`."""
        if kept not in self._matches:
            self._matches[kept] = matches(kept, self._digits)
        return self._matches[kept]
