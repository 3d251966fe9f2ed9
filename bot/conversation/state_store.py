"""Stores the state of each conversation between its messages."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.conversation.state import NEW, ConversationState
from bot.conversation.tables import conversation_state
from bot.database.columns import readable
from bot.database.keyring import KeyringError
from bot.messages import Address

logger = logging.getLogger(__name__)


def load(connection: Connection, address: Address) -> ConversationState:
    """Return the state of the conversation with ``address``; a new one where nothing is stored, or it is unreadable."""
    query = select(conversation_state.c.state).where(conversation_state.c.conversation_hash == str(address))
    try:
        stored = readable(connection.execute(query).scalar())
        return ConversationState.load(stored) if stored else NEW
    except (KeyringError, ValueError):
        logger.critical("the state of a conversation cannot be read: it goes on as a new one")
        return NEW


def save(connection: Connection, address: Address, state: ConversationState, now: datetime) -> None:
    """Store ``state`` in place of what was stored before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"conversation_hash": str(address), "state": state.dump(), "updated_at": now}
    statement = dialect.insert(conversation_state).values(**values)
    new = {"state": statement.excluded.state, "updated_at": statement.excluded.updated_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["conversation_hash"], set_=new))
