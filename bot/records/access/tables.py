"""The tables of linked channels, link codes and PINs, and of who asked not to be written to."""

from sqlalchemy import Boolean, Column, Integer, String, Table, false

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime, person_reference
from bot.database.metadata import metadata
from bot.records.participants.references import folded

channel_identity = Table(
    "channel_identity",
    metadata,
    Column("id", Integer, primary_key=True),
    person_reference(),
    Column("address_hash", BlindIndex("channel_identity.address", str), nullable=False, unique=True),
    Column("address", Encrypted, nullable=False),
    Column("linked_at", UTCDateTime, nullable=False),
    Column("unlocked_until", UTCDateTime),  # NULL or past: locked
    Column("waiting_question", Encrypted),  # asked while locked; answered after the PIN
)
former_identity = Table(
    "former_identity",  # who was linked where before: what is kept under an address must still be found to be erased
    metadata,
    Column("id", Integer, primary_key=True),
    person_reference(),
    Column("address_hash", BlindIndex("former_identity.address", str), nullable=False, index=True),
    Column("address", Encrypted, nullable=False),
    Column("linked_at", UTCDateTime, nullable=False),
    Column("unlinked_at", UTCDateTime, nullable=False, index=True),
)
link_code = Table(
    "link_code",
    metadata,
    Column("id", Integer, primary_key=True),
    person_reference(),
    Column("code_hash", BlindIndex("link_code.code"), nullable=False, unique=True),
    Column("expires_at", UTCDateTime, nullable=False),
)
pin = Table(
    "pin",
    metadata,
    person_reference(primary_key=True),
    Column("hash", String(200)),  # Argon2; NULL: not chosen yet
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("wait_until", UTCDateTime),
    Column("locked", Boolean, nullable=False, server_default="0"),
)
guess = Table(
    "guess",  # signing in with a reference that has no PIN: counted as wrong PINs are
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference_hash", BlindIndex("guess.reference", folded), nullable=False, unique=True),
    Column("wrong", Integer, nullable=False),
    Column("wait_until", UTCDateTime),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("at", UTCDateTime, nullable=False),
)
opt_out = Table(
    "opt_out",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address_hash", BlindIndex("opt_out.address", str), nullable=False, unique=True),
    Column("address", Encrypted, nullable=False),
    Column("since", UTCDateTime, nullable=False),
)
