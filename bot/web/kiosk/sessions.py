"""Whose visit a request at the kiosk belongs to, and how long the visitor's record stays open."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.database.engine import Database, DatabaseError
from bot.records.access import identities
from bot.records.access.caller import UNKNOWN, Caller
from bot.records.enums import Access
from bot.web.frontend import cookies
from bot.web.kiosk.context import ConversationContext
from bot.web.kiosk.visits import IDLE, Visits, address_of

logger = logging.getLogger(__name__)

DATABASE_SECONDS = 1.0
"""How long a page waits for the database to note that a visit goes on or has ended: it may be a cry for help."""


@dataclass(frozen=True)
class KioskSessions:
    """The sessions of visitors: in memory who is there, and in the record what they may see."""

    database: Database
    conversations: ConversationContext
    visits: Visits
    clock: Callable[[], datetime]

    async def open(self, token: str, now: datetime, *, touch: bool = True) -> str:
        """Return the token of the visit that goes on: ``token``, or a new one where that visit was left alone for long.

        With ``touch`` the request shows that somebody is there.
        """
        if not touch or self.visits.touch(token, now) or await self._goes_on_elsewhere(token, now):
            return token
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await self.end(token)
        except (DatabaseError, TimeoutError):  # what it could see is shut by its own time
            logger.exception("a visit could not be ended in the record")
        return cookies.new()

    async def _goes_on_elsewhere(self, token: str, now: datetime) -> bool:
        """Return whether a visit that nobody touched here was touched at another process meanwhile."""
        address = address_of(token)
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                caller = await self.database.read(lambda c: identities.find_caller(c, address, now))
                is_open = caller.access is Access.UNLOCKED
                if not is_open and not await self.conversations.went_on_since(str(address), now - IDLE):
                    return False
        except (DatabaseError, TimeoutError):
            return False
        return self.visits.touch(token, now)

    async def end(self, token: str) -> None:
        """End a visit: nothing of it can be seen or gone on with."""
        self.visits.end(token)
        address = address_of(token)
        await self.conversations.forget(str(address))
        now = self.clock()
        await self.database.write(lambda c: identities.unlink(c, address, now))

    async def extend(self, token: str, now: datetime) -> Caller:
        """Return who is at the kiosk; a record that is open stays so until the kiosk is left alone for a while.

        With the database down nobody is known.
        """
        address = address_of(token)
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                caller = await self.database.read(lambda c: identities.find_caller(c, address, now))
                if caller.access is Access.UNLOCKED:
                    await self.database.write(lambda c: identities.unlock_until(c, address, now + IDLE))
        except (DatabaseError, TimeoutError):
            logger.exception("who is at the kiosk could not be looked up")
            return UNKNOWN
        return caller
