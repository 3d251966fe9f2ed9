"""Column types: text that is encrypted at rest, keyed hashes, and moments in UTC."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.database.keyring import Keyring, KeyringError

logger = logging.getLogger(__name__)

_SAID_EVERY_SECONDS = 60.0


if TYPE_CHECKING:
    EncodedText = TypeDecorator[str]
    DateAndTime = TypeDecorator[datetime]
else:  # while it runs, SQLAlchemy 1.4 knows no types of its types
    EncodedText = DateAndTime = TypeDecorator


class UnreadableText(str):
    """What a service shows in place of a text that no key of its ring can read."""


UNREADABLE = UnreadableText("(cannot be read)")


class Unreadable:
    """On a dialect: one row that cannot be read is shown as such, and the others are read all the same."""

    def __init__(self) -> None:
        """Start with none met."""
        self.met = 0
        self._said = -_SAID_EVERY_SECONDS

    def note(self) -> None:
        """Count one, and have it logged, though not every time."""
        self.met += 1
        if time.monotonic() >= self._said + _SAID_EVERY_SECONDS:
            self._said = time.monotonic()
            logger.critical("something in the database cannot be read with this key (%d times so far)", self.met)


def keyring_of(dialect: Dialect) -> Keyring:
    """Return the keyring of the engine that ``dialect`` belongs to: `engine.py` puts it there."""
    keyring: Keyring = dialect.keyring  # type: ignore[attr-defined]
    return keyring


def readable(value: str | None) -> str | None:
    """Return ``value``; raise KeyringError where it stands for one that cannot be read."""
    if isinstance(value, UnreadableText):
        raise KeyringError("the database was written with another key than the one given")
    return value


class Encrypted(EncodedText):
    """Text, encrypted with the keyring of the engine it is written through (`engine.py` puts it on the dialect)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else keyring_of(dialect).encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt; raise KeyringError where that fails, unless the dialect says how to go on."""
        if value is None:
            return None
        try:
            text = keyring_of(dialect).decrypt(value)
        except KeyringError:
            unreadable: Unreadable | None = getattr(dialect, "unreadable", None)
            if unreadable is None:
                raise
            unreadable.note()
            return UNREADABLE
        return text


class BlindIndex(EncodedText):
    """The keyed hash of a text, to find an encrypted one by: written and compared as text, never read back as it."""

    impl = LargeBinary(32)
    cache_ok = True

    def __init__(self, purpose: str, fold: Callable[[str], str] | None = None) -> None:
        """Hash under ``purpose``, so that no two columns can be compared; first ``fold`` what counts as the same."""
        super().__init__()
        self.purpose = purpose
        self.fold = fold

    def digest(self, keyring: Keyring, value: str) -> bytes:
        """Return the hash of ``value``, as it stands in the column."""
        return keyring.digest(self.purpose, self.fold(value) if self.fold else value)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Hash."""
        return None if value is None else self.digest(keyring_of(dialect), value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the bytes as they are."""
        return value


class UTCDateTime(DateAndTime):
    """An aware datetime, kept in UTC: SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC; refuse a datetime without a zone, which could be an hour off."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the constraint that ``column`` holds one of ``values``, such as the members of a StrEnum."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def person_reference(*, primary_key: bool = False) -> "Column[Any]":
    """Return the column of a table whose rows belong to a participant: they are deleted together with them."""
    return Column(
        "participant_id",
        ForeignKey("participant.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
        index=not primary_key,
    )
