"""Where alerts wait while the database is down: a file, encrypted line by line and on the disk before anything is said.

A process that dies between taking the alerts into the database and emptying the file leaves them to be taken twice:
staff hear of them once too often, and never once too little.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedRandom
from pathlib import Path

from bot.database.engine import Database
from bot.database.keyring import Keyring, KeyringError
from bot.mailbox import alerts
from bot.messages import Origin

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Raised:
    """An alert that is not in the database yet."""

    topic: str
    channel: str
    address: str
    raised_at: str
    """ISO 8601, with a time zone."""
    device: str = ""
    """As in :class:`bot.messages.Origin`."""
    client: str = ""

    @classmethod
    def all(
        cls, topics: Iterable[str], channel: str, address: str, now: datetime, origin: Origin | None = None
    ) -> list["Raised"]:
        """Return one for each of ``topics``."""
        origin = origin or Origin()
        return [cls(topic, channel, address, now.isoformat(), origin.device, origin.client) for topic in topics]

    @property
    def origin(self) -> Origin:
        """Where it was typed."""
        return Origin(self.device, self.client)


class Spool:
    """A file that several processes may share."""

    def __init__(self, file: Path, keyring: Keyring) -> None:
        """Keep alerts in ``file``, made when it is needed first."""
        self._file = file
        self._keyring = keyring

    def put(self, raised: Iterable[Raised]) -> None:
        """Keep alerts; they are on the disk when this returns. Raise OSError where they cannot be."""
        with self._open() as file:
            file.seek(0, os.SEEK_END)
            for one in raised:
                file.write(self._keyring.encrypt(json.dumps(asdict(one))) + b"\n")
            _to_disk(file)

    def drain(self, database: Database) -> int:
        """Take what is kept into ``database`` and return how many that were; raise DatabaseError and keep it all."""
        if not self._file.exists() or not self._file.stat().st_size:
            return 0
        with self._open() as file:
            found, unreadable = self._read(file)
            with database.writing() as connection:
                for one in found:
                    moment = datetime.fromisoformat(one.raised_at)
                    alerts.put(connection, one.topic, one.channel, one.address, moment, origin=one.origin)
            if unreadable:
                logger.critical("%d alerts of the spool cannot be read: kept in *.unreadable", len(unreadable))
                with self._file.with_suffix(".unreadable").open("ab") as aside:
                    aside.writelines(unreadable)
            file.truncate(0)
            _to_disk(file)
        return len(found)

    def _read(self, file: BufferedRandom) -> tuple[list[Raised], list[bytes]]:
        found, unreadable = [], []
        file.seek(0)
        for line in file:
            try:
                found.append(Raised(**json.loads(self._keyring.decrypt(line.strip()))))
            except (KeyringError, ValueError, TypeError):
                unreadable.append(line)
        return found, unreadable

    @contextmanager
    def _open(self) -> Iterator[BufferedRandom]:
        with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _to_disk(file: BufferedRandom) -> None:
    file.flush()
    os.fsync(file.fileno())
