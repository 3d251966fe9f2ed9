"""Another key: everything encrypted is written anew with the newest of the ring; and whether a key is the right one."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, bindparam, delete, select, type_coerce, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.engine import Connection

from bot.database import instances
from bot.database.columns import BlindIndex, Encrypted, keyring_of
from bot.database.keyring import Keyring, KeyringError
from bot.errors import ConfigurationError
from bot.records import audit
from bot.retention.all_tables import metadata

logger = logging.getLogger(__name__)

_CHUNK = 1_000
_LOOKED_AT = 3
"""Rows of each table by which a key is judged: one that is spoilt must not be taken for a wrong key."""


class InUseError(ConfigurationError):
    """The key cannot be changed, for a service is at work with it."""


def assert_current_key(connection: Connection, keyring: Keyring) -> None:
    """Raise KeyringError where the database was written with a key that the ring lacks, or not with its newest."""
    found = list(_looked_at(connection))
    read = [(table, row) for table, row in found if _is_readable(row, keyring)]
    if found and not read:
        raise KeyringError("the database was written with another key than the one given")
    if not _is_newest(read, keyring):
        raise KeyringError("a change of the key did not come to its end: run `python -m bot rotate-key`")


def is_complete(connection: Connection, keyring: Keyring) -> bool:
    """Tell whether the database is written with the newest key of the ring, as far as that can be seen."""
    return _is_newest([(t, row) for t, row in _looked_at(connection) if _is_readable(row, keyring)], keyring)


def refuse_while_in_use(connection: Connection, now: datetime) -> None:
    """Raise InUseError where a service runs: it would go on writing with the old key, and not find what it looks up."""
    if instances.any_alive(connection, now):
        raise InUseError(
            "a service is at work on this database: stop it, and then change the key (if it was killed, wait a minute)"
        )


def rotate(connection: Connection, actor: str, now: datetime) -> int:
    """Rewrite every row that holds something encrypted, in the caller's transaction; return how many.

    A keyed hash `x_hash` is of the text in the column `x` beside it. Rows with a hash alone cannot be made anew and
    are dropped: link codes not used yet, and the state of conversations. What no key can read stays as it is.
    """
    refuse_while_in_use(connection, now)
    count = 0
    for table in metadata.sorted_tables:
        hashes = _hashes(table)
        if any(text is None for text in hashes.values()):
            connection.execute(delete(table))
        elif _encrypted(table):
            count += _rewritten(connection, table, hashes)
    audit.note(connection, now, actor, "key rotated")
    return count


def _rewritten(connection: Connection, table: SqlTable, hashes: dict[Any, Any]) -> int:
    keyring, encrypted = keyring_of(connection.dialect), _encrypted(table)
    values = {c.name: bindparam(f"new_{c.name}", type_=c.type) for c in (*encrypted, *hashes)}
    change = update(table).where(table.c.id == bindparam("row")).values(**values)
    raw = select(table.c.id, *_raw(encrypted))
    count = last = 0
    while rows := connection.execute(raw.where(table.c.id > last).order_by(table.c.id).limit(_CHUNK)).mappings().all():
        changes = []
        for row in rows:
            if not _is_readable(row, keyring, [c.name for c in encrypted]):
                logger.critical("row %d of %s cannot be read with any key: it stays as it is", row["id"], table.name)
                continue
            text = {c.name: row[c.name] and keyring.decrypt(row[c.name]) for c in encrypted}
            new = {f"new_{name}": value for name, value in text.items()}
            changes.append({"row": row["id"], **new, **{f"new_{h.name}": text[of.name] for h, of in hashes.items()}})
        if changes:
            connection.execute(change, changes)
        count, last = count + len(changes), rows[-1]["id"]
    return count


def _looked_at(connection: Connection) -> Iterator[tuple[SqlTable, Any]]:
    """Yield a few rows of each table, the newest, with what is encrypted in them as it is, and their hashes."""
    for table in metadata.sorted_tables:
        encrypted = _encrypted(table)
        if encrypted:
            newest = [column.desc() for column in table.primary_key.columns]
            query = select(*_raw(encrypted), *_hashes(table)).order_by(*newest).limit(_LOOKED_AT)
            yield from ((table, row) for row in connection.execute(query).mappings())


def _is_newest(rows: list[tuple[SqlTable, Any]], keyring: Keyring) -> bool:
    hashed = [
        bytes(row[found_by.name]) == found_by.type.digest(keyring, keyring.decrypt(row[text.name]))
        for table, row in rows
        for found_by, text in _hashes(table).items()
        if text is not None and row[found_by.name] is not None and row[text.name] is not None
    ]
    return not hashed or any(hashed)


def _is_readable(row: Any, keyring: Keyring, names: list[str] | None = None) -> bool:
    try:
        for name in names or [name for name in row if not name.endswith("_hash")]:
            if row[name] is not None:
                keyring.decrypt(row[name])
    except KeyringError:
        return False
    return True


def _encrypted(table: SqlTable) -> list[Any]:
    return [column for column in table.columns if isinstance(column.type, Encrypted)]


def _raw(columns: list[Any]) -> list[Any]:
    return [type_coerce(column, LargeBinary).label(column.name) for column in columns]


def _hashes(table: SqlTable) -> dict[Any, Any]:
    """Return each column that holds a keyed hash, with the column of the text that it is of, or None."""
    return {c: table.c.get(c.name.removesuffix("_hash")) for c in table.columns if isinstance(c.type, BlindIndex)}
