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
