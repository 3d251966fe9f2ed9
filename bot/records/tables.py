"""The table of the audit trail. It outlives the people that its entries are about, who are cut out of it."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from bot.database.columns import UTCDateTime
from bot.database.metadata import metadata

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("participant_id", ForeignKey("participant.id", ondelete="SET NULL"), index=True),
    Column("detail", String(200), nullable=False, server_default=""),
)
