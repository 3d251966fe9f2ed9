"""The state of visitors' conversations, kept in the database: whichever process is asked knows what was said before.

Nobody's answer waits for long: with the database away, a process goes on with what it remembers itself.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.conversation.state import NEW, ConversationState
from bot.conversation.tables import conversation_state
from bot.conversation.unit import ConversationUnit
from bot.database.engine import Database, DatabaseError
from bot.messages import Address, Answer, InboundMessage

logger = logging.getLogger(__name__)

_SECONDS = 3
_MOST = 20_000
"""How many states are kept in memory while the database is away; the oldest go first."""
Handle = Callable[[InboundMessage, ConversationUnit], Awaitable[Answer]]
T = TypeVar("T")


class ConversationContext:
    """Takes a conversation up before a question, and keeps it after the answer."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Keep the states of conversations in ``database``."""
        self._database = database
        self._clock = clock
        self._only_here: OrderedDict[Address, ConversationState] = OrderedDict()
        """The states that could not be stored."""
        self._keeping: set[asyncio.Task[None]] = set()

    async def around(self, message: InboundMessage, handle: Handle, *, urgent: bool = False) -> Answer:
        """Return what ``handle`` answers to ``message`` in the context of what was said before.

        An ``urgent`` answer needs no context, and waits for the database neither before nor after.
        """
        unit = ConversationUnit(self._database, message.address, self._clock, self._only_here.get(message.address, NEW))
        if message.address not in self._only_here and not urgent:
            await self._load(unit)
        answer = await handle(message, unit)
        self._remember(unit)
        keeping = self._keep(unit)
        if not urgent:
            await keeping
            return answer
        task = asyncio.create_task(keeping)
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)
        return answer

    def _remember(self, unit: ConversationUnit) -> None:
        self._only_here[unit.address] = unit.state
        if len(self._only_here) > _MOST:
            self._only_here.popitem(last=False)

    async def _keep(self, unit: ConversationUnit) -> None:
        if await self._done(self._database.write(unit.save_state)):
            self._only_here.pop(unit.address, None)

    async def forget(self, conversation: str) -> None:
        """Forget what was said in a conversation."""
        self._only_here.pop(Address.parse(conversation), None)
        own = conversation_state.c.conversation_hash == conversation
        await self._database.write(lambda c: c.execute(delete(conversation_state).where(own)))

    async def went_on_since(self, conversation: str, moment: datetime) -> bool:
        """Tell whether something was said in a conversation since ``moment``, to whichever process."""
        own = conversation_state.c.conversation_hash == conversation

        def look(connection: Connection) -> bool:
            query = select(conversation_state.c.updated_at).where(own & (conversation_state.c.updated_at >= moment))
            return connection.execute(query).first() is not None

        return await self._database.read(look)

    async def _load(self, unit: ConversationUnit) -> None:
        try:
            await asyncio.wait_for(unit.load(), _SECONDS)
        except (DatabaseError, TimeoutError):
            logger.warning("what a visitor at the screen said before could not be looked up")

    async def _done(self, work: Awaitable[T]) -> bool:
        try:
            await asyncio.wait_for(work, _SECONDS)
        except (DatabaseError, TimeoutError):
            logger.warning("what a visitor at the screen said could not be kept for the next question")
            return False
        return True
