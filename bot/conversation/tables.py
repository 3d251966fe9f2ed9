"""The table of what the next message of a conversation is understood with."""

from sqlalchemy import Column, Table

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime
from bot.database.metadata import metadata

conversation_state = Table(
    "conversation_state",
    metadata,
    Column("conversation_hash", BlindIndex("conversation_state.conversation"), primary_key=True),
    Column("state", Encrypted, nullable=False),  # JSON: the context of the next turn
    Column("updated_at", UTCDateTime, nullable=False, index=True),
)
