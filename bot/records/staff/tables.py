"""The tables of members of staff and of how they sign in."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime, one_of
from bot.database.metadata import metadata
from bot.records.enums import Role

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", ForeignKey("office.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("name", Encrypted, nullable=False),
    Column("email_hash", BlindIndex("staff.email"), nullable=False, unique=True),
    Column("email", Encrypted, nullable=False),
    Column("password", String(200), nullable=False),  # Argon2
    Column("totp", Encrypted),  # the secret; NULL: a password is enough
    Column("totp_step", Integer),  # when the last code was for, in steps of 30 s: none works twice
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("locked_until", UTCDateTime),
    one_of("role", Role),
)
staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", BlindIndex("staff_session.token"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)
staff_try = Table(
    "staff_try",  # wrong tries of signing in, by account and network address
    metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("address_hash", BlindIndex("staff_try.address"), primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("wait_until", UTCDateTime),
    Column("at", UTCDateTime, nullable=False, index=True),
)
kept_form = Table(
    "kept_form",  # what a member had entered when the session ended, one row a page, until they sign in again
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", BlindIndex("kept_form.token"), nullable=False, index=True),  # of the browser
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", Encrypted, nullable=False),  # JSON: the page, where the form goes, its fields
    Column("kept_at", UTCDateTime, nullable=False, index=True),
)
