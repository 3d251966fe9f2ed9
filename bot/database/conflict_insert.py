"""INSERT ... ON CONFLICT, compiled once for each database: SQLAlchemy 1.4 keeps no such statement in its cache."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, CursorResult, Dialect


class ConflictInsert:
    """An insert of one row that says what is done where the row is there already."""

    def __init__(self, table: Table, columns: Sequence[str], completed: Callable[[Any], Any]) -> None:
        """Give the ``columns`` of ``table`` values; ``completed`` adds the conflict clause to an insert."""
        self._table = table
        self._columns = list(columns)
        self._completed = completed

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult:
        """Insert a row with ``values``, one for each of the columns."""
        dialect = connection.dialect
        kept: dict[ConflictInsert, Any] = vars(dialect).setdefault("conflict_inserts", {})
        if self not in kept:
            kept[self] = self._compiled(dialect)
        return connection.execute(kept[self], values)

    def _compiled(self, dialect: Dialect) -> Any:
        insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
        return self._completed(insert(self._table)).compile(dialect=dialect, column_keys=self._columns)
