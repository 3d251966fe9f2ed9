"""What the next turn of a conversation leans on, kept between its messages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.mailbox.tables import conversation_state


def of(connection: Connection, conversation: str) -> str | None:
    """Return what was kept of ``conversation``; None where that is nothing."""
    query = select(conversation_state.c.state).where(conversation_state.c.conversation_hash == conversation)
    state: str | None = connection.execute(query).scalar()
    return state


def keep(connection: Connection, conversation: str, state: str | None, now: datetime) -> None:
    """Keep ``state`` in place of what there was; None leaves that as it is."""
    if state is None:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(conversation_state).values(conversation_hash=conversation, state=state, updated_at=now)
    new = {"state": statement.excluded.state, "updated_at": statement.excluded.updated_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["conversation_hash"], set_=new))
