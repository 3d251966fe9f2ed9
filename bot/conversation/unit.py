"""The unit of work of a message in its conversation: what the next message is understood with belongs to it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.conversation import state_store
from bot.conversation.state import NEW, ConversationState
from bot.database.engine import Database
from bot.database.unit_of_work import UnitOfWork, utc_now
from bot.messages import Address


class ConversationUnit(UnitOfWork):
    """Reads and writes for one message, and the state of its conversation."""

    def __init__(
        self,
        database: Database,
        address: Address,
        clock: Callable[[], datetime] = utc_now,
        state: ConversationState = NEW,
    ) -> None:
        """Handle a message from ``address``; ``state`` is what the conversation was before it."""
        super().__init__(database, clock)
        self.address = address
        self.state = self._before = state

    async def load(self) -> None:
        """Read the state of the conversation; raise DatabaseError where the database does not answer in time."""
        self.state = self._before = await self.read(self._load)

    def discard(self) -> None:
        """Have nothing written, and leave the conversation as it was before the message."""
        super().discard()
        self.state = self._before

    def save_state(self, connection: Connection) -> None:
        """Store the state of the conversation in the caller's transaction; a conversation that stays new has none."""
        if self.state != NEW or self._before != NEW:
            state_store.save(connection, self.address, self.state, self.clock())

    def _load(self, connection: Connection) -> ConversationState:
        return state_store.load(connection, self.address)
