"""Writing rows: new ones are added, and those that are there already by their key are brought up to date."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Add a row and return its id."""
    return int(connection.execute(table.insert().values(**values)).inserted_primary_key[0])


def upsert(connection: Connection, table: Table, values: Sequence[Mapping[str, Any]], key: Sequence[str]) -> None:
    """Write rows that are found by ``key``."""
    if not values:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    others = {name: statement.excluded[name] for name in values[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), list(values))
