"""References are found whatever their case, spaces and dashes; tries with those that have no PIN are counted.

Hashes of the references are made anew from the folded text.
"""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from bot.database.engine import DatabaseError
from bot.database.keyring import Keyring, KeyringError

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PURPOSE = "participant.reference"
_IGNORED = frozenset({"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})
_participant = sa.table(
    "participant", sa.column("id"), sa.column("reference", sa.LargeBinary), sa.column("reference_hash", sa.LargeBinary)
)


def upgrade() -> None:
    """Hash what the references have in common with their other spellings, and add the table of tries."""
    _hash_anew(_as_typed, _folded)
    op.create_table(
        "guess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guess")),
        sa.UniqueConstraint("reference_hash", name=op.f("uq_guess_reference_hash")),
    )


def downgrade() -> None:
    """Hash the references as they were typed."""
    op.drop_table("guess")
    _hash_anew(_folded, _as_typed)


def _hash_anew(old: Callable[[str], str], new: Callable[[str], str]) -> None:
    """Write the hashes of all rows that the newest key wrote.

    The others are left alone: `rotate-key` did not come to its end there, has to be run again, and makes all hashes.
    """
    connection = op.get_bind()
    keyring: Keyring = connection.dialect.keyring
    taken: dict[bytes, int] = {}
    for id_, text, before in _rows(connection, keyring):
        if before != keyring.digest(_PURPOSE, old(text)):
            continue
        after = keyring.digest(_PURPOSE, new(text))
        if after in taken:
            raise DatabaseError(
                f"the references of two participants (staff's pages /staff/participants/{taken[after]} and "
                f"/staff/participants/{id_}) differ only in case, spaces or dashes, and count as the same from this "
                "release on: give one of them another reference with the release before, then start this one"
            )
        taken[after] = id_
        row = sa.update(_participant).where(_participant.c.id == id_)
        connection.execute(row.values(reference_hash=after))


def _rows(connection: Connection, keyring: Keyring) -> list[tuple[int, str, bytes]]:
    """Return the id, the reference and its hash; a row that cannot be read is left out, but not where none can."""
    found, unreadable = [], None
    for row in connection.execute(sa.select(_participant).order_by(_participant.c.id)).all():
        try:
            found.append((row.id, keyring.decrypt(row.reference), bytes(row.reference_hash)))
        except KeyringError as error:
            unreadable = error
    if unreadable and not found:
        raise unreadable
    return found


def _as_typed(reference: str) -> str:
    return reference


def _folded(reference: str) -> str:
    """Return what bot/records/participants/references.py returned at this revision."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", reference).casefold())
    kept = "".join(c for c in plain if c != "\N{MINUS SIGN}" and unicodedata.category(c) not in _IGNORED)
    return kept.strip(".,;:!?'\"`()[]")
