"""Where alerts wait while the database is down: a file, encrypted line by line and on the disk before anything is said.

The file has its full size from the start, filled with zero bytes: where the disk is full, alerts are written over them.

A process that dies between taking the alerts into the database and emptying the file leaves them to be taken twice:
staff hear of them once too often, and never once too little.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedRandom
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.alerts import alert_store
from bot.database.engine import Database
from bot.database.keyring import Keyring, KeyringError
from bot.messages import Address, Origin

logger = logging.getLogger(__name__)

SIZE = 256 * 1024
"""In bytes: room for some seven hundred alerts. More need room on the disk."""
_ZERO = b"\0"
_BETWEEN_LINES = re.compile(rb"[\0\n]+")  # a run at once: nearly all of the file is zero bytes


@dataclass(frozen=True)
class PendingAlert:
    """An alert that is not in the database yet."""

    topic: str
    address: Address
    raised_at: datetime
    device: str = ""
    """As in :class:`bot.messages.Origin`."""
    client: str = ""
    participant_id: int | None = None
    """Whose it is, where that is known."""

    @classmethod
    def all(
        cls,
        topics: Iterable[str],
        address: Address,
        now: datetime,
        origin: Origin | None = None,
        participant_id: int | None = None,
    ) -> list["PendingAlert"]:
        """Return one for each of ``topics``."""
        origin = origin or Origin()
        where = (address, now, origin.device, origin.client)
        return [cls(topic, *where, participant_id) for topic in topics]

    @property
    def origin(self) -> Origin:
        """Where it was typed."""
        return Origin(self.device, self.client)

    def to_json(self) -> str:
        """Return the alert as a line of the journal."""
        text = {"channel": self.address.kind, "address": str(self.address), "raised_at": self.raised_at.isoformat()}
        return json.dumps(asdict(self) | text)

    @classmethod
    def from_json(cls, line: str) -> "PendingAlert":
        """Return what :meth:`to_json` wrote; raise ValueError or TypeError for anything else."""
        given = json.loads(line)
        address, raised_at = Address.on(given.pop("channel"), given["address"]), given["raised_at"]
        return cls(**given | {"address": address, "raised_at": datetime.fromisoformat(raised_at)})


class AlertJournal:
    """A file that several processes may share."""

    def __init__(self, file: Path, keyring: Keyring, size: int = SIZE) -> None:
        """Keep alerts in ``file``, which takes ``size`` bytes of the disk once it is prepared or needed."""
        self._file = file
        self._keyring = keyring
        self._size = size

    def prepare(self) -> None:
        """Take the room on the disk now; raise OSError where there is none."""
        with self._open() as file:
            self._fill(file)

    def append(self, raised: Iterable[PendingAlert]) -> None:
        """Keep alerts; they are on the disk when this returns. Raise OSError where they cannot be."""
        with self._open() as file:
            end = len(file.read().rstrip(_ZERO))
            file.seek(end)
            lines = (self._keyring.encrypt(one.to_json()) for one in raised)
            file.write(b"".join(b"\n" + line for line in lines))
            _to_disk(file)

    def count(self) -> int:
        """Return how many alerts wait."""
        try:
            return len(_lines(self._file.read_bytes()))
        except FileNotFoundError:
            return 0

    def drain(self, database: Database) -> int:
        """Take what is kept into ``database`` and return how many that were; raise DatabaseError and keep it all.

        New alerts can be kept meanwhile: nobody who raises one waits for a database that does not answer.
        """
        if not self.count():
            return 0
        with self._draining() as acquired:
            if not acquired:
                return 0
            with self._open() as file:
                lines = _lines(file.read())
            found, unreadable = self._read(lines)
            with database.writing() as connection:
                for one in found:
                    _store(connection, one)
            with self._open() as file:
                came_meanwhile = _lines(file.read())[len(lines) :]
                self._truncate(file, [*self._quarantine(unreadable), *came_meanwhile])
        return len(found)

    def _read(self, lines: Iterable[bytes]) -> tuple[list[PendingAlert], list[bytes]]:
        found, unreadable = [], []
        for line in lines:
            try:
                found.append(PendingAlert.from_json(self._keyring.decrypt(line)))
            except (KeyringError, ValueError, TypeError, KeyError):
                unreadable.append(line)
        return found, unreadable

    def _quarantine(self, unreadable: list[bytes]) -> list[bytes]:
        """Move lines that cannot be read to a file beside this one; return those for which there was no room."""
        if not unreadable:
            return []
        logger.critical("%d alerts of the alert journal cannot be read: kept in *.unreadable", len(unreadable))
        try:
            with self._file.with_suffix(".unreadable").open("ab") as aside:
                aside.writelines(line + b"\n" for line in unreadable)
        except OSError:
            return unreadable
        return []

    def _truncate(self, file: BufferedRandom, left: list[bytes]) -> None:
        """Leave only ``left`` in the file, and zero bytes over the rest of its place on the disk."""
        file.seek(0, os.SEEK_END)
        before = file.tell()
        content = b"".join(b"\n" + line for line in left)
        file.seek(0)
        file.write(content + _ZERO * (before - len(content)))
        file.truncate(max(self._size, len(content)))
        _to_disk(file)

    def _fill(self, file: BufferedRandom) -> None:
        """Have the file take its place on the disk."""
        file.seek(0, os.SEEK_END)
        missing = self._size - file.tell()
        if missing > 0:
            file.write(_ZERO * missing)
            _to_disk(file)
        file.seek(0)

    @contextmanager
    def _draining(self) -> Iterator[bool]:
        """Tell whether nobody else is taking alerts into the database, and keep others from it meanwhile.

        The folder is locked for that: the file itself has to stay free, and another one needs room on the disk.
        """
        folder = os.open(self._file.absolute().parent, os.O_RDONLY)
        try:
            yield _locked(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _open(self) -> Iterator[BufferedRandom]:
        with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _locked(descriptor: int) -> bool:
    """Lock a file or folder, unless somebody else has: return whether it is ours now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lines(content: bytes) -> list[bytes]:
    return [line for part in _BETWEEN_LINES.split(content) if (line := part.strip())]


def _store(connection: Connection, one: PendingAlert) -> None:
    where = (one.topic, one.address, one.raised_at)
    try:
        with connection.begin_nested():
            alert_store.put(connection, *where, one.participant_id, origin=one.origin)
    except IntegrityError:  # the participant was removed meanwhile
        alert_store.put(connection, *where, origin=one.origin)


def _to_disk(file: BufferedRandom) -> None:
    file.flush()
    os.fsync(file.fileno())
