"""Another key: everything encrypted is written anew with the newest key of the ring."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.engine import Connection

from bot.database.columns import Encrypted, LookUp
from bot.database.keyring import Keyring, KeyringError
from bot.database.metadata import metadata
from bot.records import audit
from bot.records.tables import participant

_CHUNK = 1_000


def check(connection: Connection, keyring: Keyring) -> None:
    """Raise KeyringError where the record was written with another key than the newest of the ring."""
    row = connection.execute(select(participant.c.reference, participant.c.reference_hash).limit(1)).first()
    if row and bytes(row.reference_hash) != participant.c.reference_hash.type.digest(keyring, row.reference):
        raise KeyringError("a change of the key did not come to its end: run `python -m bot rotate-key`")


def rotate(connection: Connection, actor: str, now: datetime) -> int:
    """Rewrite every row that holds something encrypted, in the caller's transaction; return how many.

    A keyed hash `x_hash` is of the text in the column `x` beside it. Rows with a hash alone cannot be made anew and
    are dropped: link codes not used yet, and what conversations lean on.
    """
    count = 0
    for table in metadata.sorted_tables:
        encrypted = [column for column in table.columns if isinstance(column.type, Encrypted)]
        hashes = {c: table.c.get(c.name.removesuffix("_hash")) for c in table.columns if isinstance(c.type, LookUp)}
        if any(text is None for text in hashes.values()):
            connection.execute(delete(table))
            continue
        if not encrypted:
            continue
        values = {c.name: bindparam(f"new_{c.name}", type_=c.type) for c in (*encrypted, *hashes)}
        change = update(table).where(table.c.id == bindparam("row")).values(**values)
        last = 0
        while rows := connection.execute(
            select(table.c.id, *encrypted).where(table.c.id > last).order_by(table.c.id).limit(_CHUNK)
        ).all():
            changes = []
            for row in rows:
                new = {f"new_{c.name}": getattr(row, c.name) for c in encrypted}
                new |= {f"new_{found_by.name}": getattr(row, text.name) for found_by, text in hashes.items()}
                changes.append({"row": row.id, **new})
            connection.execute(change, changes)
            count, last = count + len(rows), rows[-1].id
    audit.note(connection, now, actor, "key rotated")
    return count
