"""Who writes too much at once is told so, once; what they write of danger is answered all the same."""

from datetime import timedelta
from enum import Enum, auto

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection

from bot.messaging.inbox import Waiting
from bot.messaging.tables import inbox

LIMIT = 20
"""Messages of one person in a window: more than anybody who waits for answers writes."""
WINDOW = timedelta(minutes=1)

_RECENT = (  # put together once: that takes longer than the database takes to answer
    select(inbox.c.state, func.count().label("number"))
    .where(inbox.c.address_hash == bindparam("address"), inbox.c.id < bindparam("id"))
    .where(inbox.c.received_at > bindparam("since"))
    .group_by(inbox.c.state)
)


class RateState(Enum):
    """How much somebody writes."""

    FINE = auto()
    TOO_MUCH = auto()  # as of this message
    STILL_TOO_MUCH = auto()


def load(connection: Connection, message: Waiting) -> RateState:
    """Return how much the sender of ``message`` wrote in the window before it."""
    values = {"address": message.address.value, "id": message.id, "since": message.received_at - WINDOW}
    counts = {row.state: row.number for row in connection.execute(_RECENT, values)}
    if sum(counts.values()) < LIMIT:
        return RateState.FINE
    return RateState.STILL_TOO_MUCH if "throttled" in counts else RateState.TOO_MUCH
