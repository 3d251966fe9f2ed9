"""Stores the state of each conversation between its messages."""

import logging
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from bot.conversation.state import NEW, ConversationState
from bot.conversation.tables import conversation_state
from bot.database.columns import readable
from bot.database.conflict_insert import ConflictInsert
from bot.database.keyring import KeyringError
from bot.messages import Address

logger = logging.getLogger(__name__)

_STATE = select(conversation_state.c.state).where(conversation_state.c.conversation_hash == bindparam("conversation"))
_SAVED = ConflictInsert(
    conversation_state,
    ("conversation_hash", "state", "updated_at"),
    lambda insert: insert.on_conflict_do_update(
        index_elements=["conversation_hash"],
        set_={"state": insert.excluded.state, "updated_at": insert.excluded.updated_at},
    ),
)


def load(connection: Connection, address: Address) -> ConversationState:
    """Return the state of the conversation with ``address``; a new one where nothing is stored, or it is unreadable."""
    try:
        stored = readable(connection.execute(_STATE, {"conversation": str(address)}).scalar())
        return ConversationState.load(stored) if stored else NEW
    except (KeyringError, ValueError):
        logger.critical("the state of a conversation cannot be read: it goes on as a new one")
        return NEW


def save(connection: Connection, address: Address, state: ConversationState, now: datetime) -> None:
    """Store ``state`` in place of what was stored before."""
    values = {"conversation_hash": str(address), "state": state.dump(), "updated_at": now}
    _SAVED.execute(connection, values)
