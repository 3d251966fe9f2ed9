"""Which processes are at work on the database: each says so now and then, so that its key is not changed under it."""

from datetime import datetime, timedelta

from sqlalchemy import Column, String, Table, delete, insert, select, text, update
from sqlalchemy.engine import Connection

from bot.database.columns import UTCDateTime
from bot.database.metadata import metadata

SILENT = timedelta(minutes=1)
"""After so long without a word a process counts as gone: it was killed."""

service_instance = Table(
    "service_instance",
    metadata,
    Column("id", String(32), primary_key=True),  # of one running process; nothing of anybody
    Column("seen_at", UTCDateTime, nullable=False),
)


def alive(connection: Connection, id_: str, now: datetime) -> None:
    """Note that the process ``id_`` runs, and forget those that have been gone for long."""
    connection.execute(delete(service_instance).where(service_instance.c.seen_at < now - 10 * SILENT))
    own = update(service_instance).where(service_instance.c.id == id_).values(seen_at=now)
    if not connection.execute(own).rowcount:
        connection.execute(insert(service_instance).values(id=id_, seen_at=now))


def ended(connection: Connection, id_: str) -> None:
    """Note that the process ``id_`` has ended."""
    connection.execute(delete(service_instance).where(service_instance.c.id == id_))


def any_alive(connection: Connection, now: datetime) -> bool:
    """Tell whether a process is at work; on PostgreSQL none can begin before the caller's transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(text("LOCK TABLE service_instance IN SHARE ROW EXCLUSIVE MODE"))
    query = select(service_instance.c.id).where(service_instance.c.seen_at > now - SILENT)
    return connection.execute(query).first() is not None
