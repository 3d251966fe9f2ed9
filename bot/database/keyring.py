"""What keeps a stolen database file unreadable: encryption of values, and keyed hashes to find them again."""

import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import ConfigurationError

EXPECTED = "expected 44 characters of URL-safe base64, as `python -m bot new-key` prints"


class KeyringError(ConfigurationError):
    """A key is missing, malformed, or not the one that the database was written with."""


class Keyring:
    """One key or several, the newest first: it writes, the others still read. Safe to share between threads."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take keys as :func:`new_key` makes them; raise KeyringError on one that is not."""
        if not keys:
            raise KeyringError(f"no key for the database: {EXPECTED}")
        try:
            self._ciphers = MultiFernet([Fernet(key.strip()) for key in keys])
        except ValueError:
            raise KeyringError(f"a key for the database cannot be used: {EXPECTED}") from None
        # Of its own, so that a hash that leaks says nothing about the key that encrypts.
        self._digest_key = hmac.digest(keys[0].strip().encode(), b"leafline look-up", hashlib.sha256)

    def encrypt(self, text: str) -> bytes:
        """Return ``text`` encrypted and signed; the same text gives other bytes each time."""
        return self._ciphers.encrypt(text.encode("utf-8", "replace"))

    def decrypt(self, token: bytes) -> str:
        """Return the text; raise KeyringError where no key of the ring wrote ``token``."""
        try:
            return self._ciphers.decrypt(bytes(token)).decode("utf-8")
        except InvalidToken:
            raise KeyringError("the database was written with another key than the one given") from None

    def digest(self, purpose: str, text: str) -> bytes:
        """Return 32 bytes by which ``text`` can be found again, and which tell nothing without the key.

        The same text under another ``purpose`` gives other bytes: tables cannot be joined on them.
        """
        return hmac.digest(self._digest_key, f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256)


def new_key() -> str:
    """Return a new random key."""
    return Fernet.generate_key().decode()


KEPT = 3
"""Keys of a file at most: the newest writes, and those before it still read what was kept elsewhere, or overlooked."""


def add_key(file: Path) -> None:
    """Put a new key before those in ``file``."""
    _replace(file, [new_key(), *file.read_text("utf-8").split()][:KEPT])


def _replace(file: Path, keys: Sequence[str]) -> None:
    beside = file.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write("\n".join(keys) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def key_file(file: Path) -> tuple[str, bool]:
    """Return the keys in ``file``, made now where it does not exist, and whether it was made now.

    A new file can be read by its owner only. One that others can read is refused.
    """
    made = False
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise KeyringError(
                f"the key file {file} can be read by others: expected mode 600 (chmod 600 {file})"
            ) from None
    else:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(new_key() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        made = True
    return file.read_text("utf-8").strip(), made
