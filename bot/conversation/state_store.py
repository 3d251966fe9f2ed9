"""What the next turn of a conversation leans on, kept between its messages."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.conversation.tables import conversation_state
from bot.database.columns import readable
from bot.database.keyring import KeyringError
from bot.messages import Address

logger = logging.getLogger(__name__)


def load(connection: Connection, address: Address) -> str | None:
    """Return what was kept of the conversation with ``address``; None where that is nothing, or cannot be read."""
    query = select(conversation_state.c.state).where(conversation_state.c.conversation_hash == str(address))
    try:
        state: str | None = readable(connection.execute(query).scalar())
    except KeyringError:
        logger.critical("what a conversation leans on cannot be read: it goes on as a new one")
        return None
    return state


def save(connection: Connection, address: Address, state: str | None, now: datetime) -> None:
    """Keep ``state`` in place of what there was; None leaves that as it is."""
    if state is None:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(conversation_state).values(conversation_hash=str(address), state=state, updated_at=now)
    new = {"state": statement.excluded.state, "updated_at": statement.excluded.updated_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["conversation_hash"], set_=new))
