"""What a visitor's next question leans on, kept in the database: whichever process is asked knows what was said before.

Nobody's answer waits for long: with the database away, a process goes on with what it remembers itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.conversation import state_store
from bot.conversation.tables import conversation_state
from bot.database.engine import Database, DatabaseError
from bot.messages import Answer, InboundMessage

logger = logging.getLogger(__name__)

_SECONDS = 3
T = TypeVar("T")


class Remembers(Protocol):
    """The part of the bot that knows what was said before."""

    async def remember(self, conversation: str, state: str | None) -> None:
        """Take up a conversation where :meth:`remembered` left it; None for a new one."""
        ...

    def remembered(self, conversation: str) -> str | None:
        """Return what the next turn of a conversation leans on."""
        ...


class ConversationContext:
    """Takes a conversation up before a question, and keeps it after the answer."""

    def __init__(self, database: Database, bot: Remembers, clock: Callable[[], datetime]) -> None:
        """Keep what ``bot`` remembers in ``database``."""
        self._database = database
        self._bot = bot
        self._clock = clock
        self._only_here: set[str] = set()
        self._keeping: set[asyncio.Task[None]] = set()

    async def around(
        self, message: InboundMessage, handle: Callable[[InboundMessage], Awaitable[Answer]], *, urgent: bool = False
    ) -> Answer:
        """Return what ``handle`` answers to ``message`` in the light of what was said before.

        An ``urgent`` answer leans on nothing said before, and waits for the database neither before nor after.
        """
        name = message.conversation
        if name not in self._only_here and not urgent:
            await self._take_up(name)
        answer = await handle(message)
        self._only_here.add(name)
        keeping = self._keep(name, self._bot.remembered(name), self._clock())
        if not urgent:
            await keeping
            return answer
        task = asyncio.create_task(keeping)
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)
        return answer

    async def _keep(self, name: str, kept: str | None, now: datetime) -> None:
        if await self._done(self._database.write(lambda c: state_store.keep(c, name, kept, now))):
            self._only_here.discard(name)

    async def forget(self, conversation: str) -> None:
        """Forget what was said in a conversation."""
        self._only_here.discard(conversation)
        await self._bot.remember(conversation, None)
        own = conversation_state.c.conversation_hash == conversation
        await self._database.write(lambda c: c.execute(delete(conversation_state).where(own)))

    async def went_on_since(self, conversation: str, moment: datetime) -> bool:
        """Tell whether something was said in a conversation since ``moment``, to whichever process."""
        own = conversation_state.c.conversation_hash == conversation

        def look(connection: Connection) -> bool:
            query = select(conversation_state.c.updated_at).where(own & (conversation_state.c.updated_at >= moment))
            return connection.execute(query).first() is not None

        return await self._database.read(look)

    async def _take_up(self, name: str) -> None:
        try:
            kept = await asyncio.wait_for(self._database.read(lambda c: state_store.of(c, name)), _SECONDS)
        except (DatabaseError, TimeoutError):
            logger.warning("what a visitor at the screen said before could not be looked up")
            return
        await self._bot.remember(name, kept)

    async def _done(self, work: Awaitable[T]) -> bool:
        try:
            await asyncio.wait_for(work, _SECONDS)
        except (DatabaseError, TimeoutError):
            logger.warning("what a visitor at the screen said could not be kept for the next question")
            return False
        return True
