"""The tables of attendance, catch-ups and reported absences."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.database.columns import Encrypted, UTCDateTime, one_of
from bot.database.metadata import metadata
from bot.records.enums import Outcome

attendance = Table(
    "attendance",
    metadata,
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("outcome", String(4), nullable=False),
    one_of("outcome", Outcome),
    sqlite_with_rowid=False,
)
catch_up = Table(
    "catch_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("venue", String(200)),
    Column("outcome", String(4)),  # NULL: booked
    UniqueConstraint("enrolment_id", "session_id", "starts_at"),
    one_of("outcome", Outcome),
)
absence_report = Table(
    "absence_report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reported_at", UTCDateTime, nullable=False),
    Column("words", Encrypted, nullable=False),  # what the person wrote
    Column("reason", Encrypted),  # what the person added afterwards
    Column("withdrawn_at", UTCDateTime),  # when the person said that they come after all
    Column("state", String(10), nullable=False, server_default="pending"),
    UniqueConstraint("enrolment_id", "session_id"),
    CheckConstraint("state IN ('pending', 'decided')", name="state_known"),
)
