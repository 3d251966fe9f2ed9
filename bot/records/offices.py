"""Offices: each group belongs to one, and staff see the people of theirs."""

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.records.tables import office

DEFAULT = "Main office"
"""Whose groups are that nobody gave an office."""


def ensure(connection: Connection, name: str = DEFAULT) -> int:
    """Return the id of the office called ``name``, made now where there is none."""
    found = connection.execute(select(office.c.id).where(office.c.name == name)).scalar()
    return int(found or connection.execute(insert(office).values(name=name)).inserted_primary_key[0])


def name(connection: Connection, id_: int) -> str:
    """Return what an office is called."""
    return str(connection.execute(select(office.c.name).where(office.c.id == id_)).scalar_one())
