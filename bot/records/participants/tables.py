"""The tables of participants, their time in groups, and their appointments."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime, one_of
from bot.database.metadata import metadata
from bot.records.enums import AppointmentKind, Status
from bot.records.participants.references import folded

participant = Table(
    "participant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference_hash", BlindIndex("participant.reference", folded), nullable=False, unique=True),
    Column("reference", Encrypted, nullable=False),
    Column("preferred_name", Encrypted, nullable=False),
)
enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
    Column("group_id", ForeignKey("programme_group.id"), nullable=False, index=True),
    Column("status", String(10), nullable=False),
    Column("from_date", Date),
    Column("to_date", Date),
    UniqueConstraint("participant_id", "group_id"),
    one_of("status", Status),
)
appointment = Table(
    "appointment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("venue", String(200), nullable=False),
    UniqueConstraint("participant_id", "kind", "starts_at"),
    one_of("kind", AppointmentKind),
)
