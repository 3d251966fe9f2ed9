"""Group commit: what several callers want written at the same time is written in one transaction.

A commit waits for the disk, and on SQLite for every other writer too. Fifty messages that come in at once would wait
for one another fifty times over; together they wait once.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.database.engine import Database, DatabaseError

T = TypeVar("T")
Work = Callable[[Connection], Any]


class GroupCommit:
    """Writes for one event loop, in the order asked for."""

    def __init__(self, database: Database) -> None:
        """Write to ``database``."""
        self._database = database
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` and return what it returns, once it is committed; raise what it raises, or DatabaseError."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        return await future

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                for (_, future), (result, error) in zip(batch, await self._written(batch), strict=True):
                    if future.cancelled():
                        continue
                    if error is None:
                        future.set_result(result)
                    else:
                        future.set_exception(error)
        finally:
            self._writing = None

    async def _written(self, batch: list[tuple[Work, "asyncio.Future[Any]"]]) -> list[tuple[Any, Exception | None]]:
        try:
            found = await self._database.write(lambda connection: [work(connection) for work, _ in batch])
        except Exception as error:
            refused = isinstance(error.__cause__, DBAPIError) and not isinstance(error.__cause__, OperationalError)
            down = isinstance(error, DatabaseError) and not refused
            if down or len(batch) == 1:
                return [(None, error)] * len(batch)
            # One of them cannot be written; the others need not suffer for it.
            return [(await self._written([one]))[0] for one in batch]
        return [(result, None) for result in found]
