"""How long the mailbox remembers: no longer than a setting allows, and of a person removed nothing at all."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from bot.mailbox.tables import conversation_state, inbox, outbox

_OPEN = ("waiting", "sending")


def sweep(connection: Connection, before: datetime) -> int:
    """Delete what came, went or was leant on ``before`` and is finished; return how many rows.

    What is still waiting stays: it is somebody's question, or somebody's answer.
    """
    done = [
        delete(outbox).where(outbox.c.created_at < before, outbox.c.state.not_in(_OPEN)),
        delete(inbox).where(inbox.c.received_at < before, inbox.c.state.not_in(_OPEN)),
        delete(conversation_state).where(conversation_state.c.updated_at < before),
    ]
    return sum(int(connection.execute(statement).rowcount) for statement in done)


def forget(connection: Connection, conversations: Iterable[str]) -> None:
    """Delete everything of ``conversations`` ("sms:+447700900123"), whatever state it is in."""
    for conversation in conversations:
        address = conversation.partition(":")[2]
        connection.execute(delete(outbox).where(outbox.c.address_hash == address))
        connection.execute(delete(inbox).where(inbox.c.address_hash == address))
        own = conversation_state.c.conversation_hash == conversation
        connection.execute(delete(conversation_state).where(own))
