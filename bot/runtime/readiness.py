"""Whether the service can do its work: each part is really tried, within a few seconds."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.alerts.alert_journal import AlertJournal
from bot.database import instances
from bot.database.engine import Database, DatabaseError
from bot.messaging import inbox, outbox
from bot.runtime.answer_threads import in_own_loop
from bot.runtime.health import Health

logger = logging.getLogger(__name__)

SECONDS = 3.0
"""What takes longer counts as failing."""
WAITING = timedelta(seconds=60)
"""Longer than a message waits whose answer hangs each time, before it is set aside."""
ROOM = 50 * 1024 * 1024
"""In bytes: what has to be free on each disk that is written to."""


class Readiness:
    """Looks at everything at once."""

    def __init__(
        self,
        database: Database,
        instance: str,
        channels: Iterable[str],
        clock: Callable[[], datetime],
        journal: AlertJournal | None = None,
        works: Callable[[], Awaitable[bool]] | None = None,
        folders: Iterable[Path] = (),
        room: int = ROOM,
    ) -> None:
        """Try to write as ``instance``; ``works`` tries the model; ``room`` bytes have to be free in ``folders``."""
        self._database = database
        self._instance = instance
        self._channels = tuple(channels)
        self._clock = clock
        self._journal = journal
        self._works = works
        self._folders = tuple(folders)
        self._room = room

    async def look(self) -> Health:
        """Return what works and what does not."""
        parts = {
            "database": self._writes,
            "inbox": self._inbox_moves,
            "alerts": self._alerts_leave,
            "model": self._model_answers,
            "disk": self._disk_has_room,
        }
        found = await asyncio.gather(*(self._tried(name, part) for name, part in parts.items()))
        counts = await self._counts() if found[0] else {}
        return Health(dict(zip(parts, found, strict=True)), counts, self._database.unreadable)

    async def _tried(self, name: str, part: Callable[[], Awaitable[bool]]) -> bool:
        try:
            async with asyncio.timeout(SECONDS):
                return await part()
        except Exception as error:
            logger.warning("%s: not as it should be (%s)", name, type(error).__name__)
            return False

    async def _writes(self) -> bool:
        now = self._clock()
        await self._database.write(lambda c: instances.alive(c, self._instance, now))
        return True

    async def _inbox_moves(self) -> bool:
        return self._is_fresh(await self._database.read(lambda c: inbox.oldest(c, self._channels)))

    async def _alerts_leave(self) -> bool:
        """Tell whether no alert waits outside the database, and no word about a danger waits to be sent for long."""
        waits = await self._database.read(lambda c: outbox.oldest_urgent(c, self._channels))
        journalled = await self._database.in_thread(self._journal.count) if self._journal else 0
        return self._is_fresh(waits) and not journalled

    async def _model_answers(self) -> bool:
        return True if self._works is None else await in_own_loop(self._works)

    async def _disk_has_room(self) -> bool:
        return all(shutil.disk_usage(folder).free >= self._room for folder in self._folders)

    async def _counts(self) -> Mapping[str, int]:
        try:
            return await self._database.read(inbox.counts)
        except DatabaseError:
            return {}

    def _is_fresh(self, since: datetime | None) -> bool:
        return since is None or self._clock() - since < WAITING
