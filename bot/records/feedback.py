"""What visitors say of answers: whether they helped, and the questions of those that did not."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bot.records.tables import feedback

LONGEST = 500
"""Characters of a question that are kept."""


def note(
    connection: Connection, now: datetime, channel: str, topic: str, helpful: bool, question: str | None = None
) -> None:
    """Keep what was said of the answer on ``topic``."""
    values = {"at": now, "channel": channel, "topic": topic, "helpful": helpful, "question": question}
    connection.execute(insert(feedback).values(**values))
