"""The conversations of this process alone, such as those in the terminal: their state is kept in memory."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.conversation.state import NEW, ConversationState
from bot.conversation.unit import ConversationUnit
from bot.database.engine import Database
from bot.messages import Address

_MOST = 20_000
"""How many conversations are kept; the one longest unused goes first."""


class LocalStates:
    """Gives each message a unit of work that is committed at its end."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Start with no conversation."""
        self._database = database
        self._clock = clock
        self._states: OrderedDict[Address, ConversationState] = OrderedDict()

    @asynccontextmanager
    async def unit(self, address: Address) -> AsyncIterator[ConversationUnit]:
        """Give the unit of work of one message; what fails in the context leaves everything as it was."""
        unit = ConversationUnit(self._database, address, self._clock, self._states.get(address, NEW))
        yield unit
        if unit.has_writes:
            await unit.commit()
        self._states[address] = unit.state
        self._states.move_to_end(address)
        if len(self._states) > _MOST:
            self._states.popitem(last=False)
