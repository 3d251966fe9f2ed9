"""Offices: each group belongs to one, and staff see the people of theirs."""

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.records.sessions.tables import office
from bot.text.typed import compared, normalised

DEFAULT = "Main office"
"""Whose groups are that nobody gave an office."""


def ensure(connection: Connection, name: str = DEFAULT) -> int:
    """Return the id of the office called ``name``, in whatever case, made now where there is none."""
    rows = connection.execute(select(office.c.id, office.c.name).order_by(office.c.id)).all()
    same = [row.id for row in rows if row.name == name] or [
        row.id for row in rows if compared(row.name) == compared(name)
    ]
    if same:
        return int(same[0])
    return int(connection.execute(insert(office).values(name=normalised(name))).inserted_primary_key[0])


def name(connection: Connection, id_: int) -> str:
    """Return what an office is called."""
    return str(connection.execute(select(office.c.name).where(office.c.id == id_)).scalar_one())
