"""Messages of one conversation are handled one after the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ConversationLocks:
    """A lock for each conversation with a message in hand, and none for the others; of each event loop its own.

    Between threads the order is kept by whoever hands the messages out: the inbox, and the service for its screens.
    """

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._locks: dict[tuple[int, str], tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, conversation: str) -> AsyncIterator[None]:
        """Wait until ``conversation`` is nobody else's, and hold it."""
        name = id(asyncio.get_running_loop()), conversation
        lock, waiting = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(name)
            if waiting > 1:
                self._locks[name] = (lock, waiting - 1)
