"""The tables of the mailbox. What people wrote and their numbers are encrypted."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime
from bot.database.instances import service_instance as service_instance
from bot.database.metadata import metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of arrival
    Column("channel", String(20), nullable=False),
    Column("provider_id", String(120), nullable=False),
    Column("address_hash", BlindIndex("mailbox.address"), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("text", Encrypted),  # NULL: a message without text, or one that is no longer needed
    Column("public", Boolean, nullable=False, server_default=false()),
    Column("urgent", Boolean, nullable=False, server_default=false()),  # plainly a danger: waits for nothing
    Column("rank", BigInteger, nullable=False, server_default="0"),  # the provider's order, else when it came
    Column("received_at", UTCDateTime, nullable=False, index=True),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),  # begun; the number of one is whose it is
    Column("next_try_at", UTCDateTime, nullable=False),  # for one in hand: when it is anybody's again
    UniqueConstraint("channel", "provider_id"),
    Index(None, "state", "address_hash", "id"),  # type: ignore[arg-type]  # the naming convention names it
    CheckConstraint("state IN ('waiting', 'done', 'throttled', 'set_aside')", name="state_known"),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of sending
    Column("inbox_id", ForeignKey("inbox.id", ondelete="SET NULL"), index=True),  # what it answers
    Column("channel", String(20), nullable=False),
    Column("address_hash", BlindIndex("mailbox.address"), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("content", Encrypted),  # JSON of an OutboundMessage; NULL: no longer needed
    Column("urgent", Boolean, nullable=False, server_default=false()),  # about a danger: goes before all others
    Column("created_at", UTCDateTime, nullable=False, index=True),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UTCDateTime, nullable=False),
    Column("provider_id", String(120), index=True),  # how the provider names it in its receipts
    Column("detail", String(80), nullable=False, server_default=""),  # why it failed
    Index(None, "state", "address_hash", "id"),  # type: ignore[arg-type]  # the naming convention names it
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'delivered', 'failed')", name="state_known"),
)
