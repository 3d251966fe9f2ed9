"""The unit of work of one message: what handling it reads, and what it writes together with the reply.

An answer may take long, or hang, so it is made outside any writing transaction (docs/decisions/0018). Each write is
rehearsed at once, in a transaction that is rolled back, because the answer depends on its result. All of them are
performed in the transaction that keeps the reply. Where a result differs there, something else came in between, and
the message is handled anew: the check of a PIN and its count are one transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from bot.database.engine import Database

T = TypeVar("T")
Work = Callable[[Connection], Any]


class ChangedError(Exception):
    """The result of a write is not the one that the answer was made with."""


class _RollbackError(Exception):
    """Rolls a rehearsal back."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class UnitOfWork:
    """Reads and writes for one message. A write may run several times, and must change nothing but the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        """Work on ``database``; nothing is opened before the first read."""
        self._database = database
        self._writes: list[tuple[Work, Any]] = []
        self._deferred: list[Work] = []
        self.clock = clock

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` reads. It sees what was written in this unit so far.

        Raise DatabaseError where the database does not answer in time.
        """
        if self._writes:
            found: T = await self._database.in_thread(self._rehearsed, work)
            return found
        return await self._database.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` will return when the unit is committed."""
        result: T = await self._database.in_thread(self._rehearsed, work)
        self._writes.append((work, result))
        return result

    def defer(self, work: Work) -> None:
        """Have ``work`` done when the unit is committed, after the writes. Nothing depends on its result."""
        self._deferred.append(work)

    @property
    def has_writes(self) -> bool:
        """Whether the answer depends on something that is still to be written."""
        return bool(self._writes)

    def discard(self) -> None:
        """Have nothing written."""
        self._writes.clear()
        self._deferred.clear()

    def perform(self, connection: Connection) -> None:
        """Write everything in the caller's transaction; raise ChangedError where a result is not what it was."""
        for work, expected in self._writes:
            if work(connection) != expected:
                raise ChangedError("what a message was answered with has changed meanwhile")
        for work in self._deferred:
            work(connection)

    async def commit(self) -> None:
        """Write everything in a transaction of its own; raise ChangedError or DatabaseError, with nothing written."""
        await self._database.write(self.perform)

    def _rehearsed(self, work: Callable[[Connection], T]) -> T:
        with self._rolled_back() as connection:
            for earlier, _ in self._writes:
                earlier(connection)
            result = work(connection)
        return result

    @contextmanager
    def _rolled_back(self) -> Iterator[Connection]:
        with suppress(_RollbackError), self._database.writing() as connection:
            yield connection
            raise _RollbackError
