"""The tables of offices, programmes, groups and sessions, and of calendar entries that were given out."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from bot.database.columns import UTCDateTime, one_of, person_reference
from bot.database.metadata import metadata
from bot.records.enums import ScheduleOption

office = Table(
    "office",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
)
programme = Table(
    "programme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(40), nullable=False, unique=True),  # the folder of its answers
    Column("sessions", Integer, nullable=False),
    Column("session_minutes", Integer, nullable=False),
    Column("allowed_misses", Integer, nullable=False),
)
programme_option = Table(
    "programme_option",
    metadata,
    Column("programme_id", ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True),
    Column("option", String(10), primary_key=True),
    Column("weeks", Integer, nullable=False),
    Column("earliest", String(5), nullable=False),  # local time, HH:MM
    Column("latest", String(5), nullable=False),
    one_of("option", ScheduleOption),
)
programme_group = Table(
    "programme_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme_id", ForeignKey("programme.id"), nullable=False, index=True),
    Column("office_id", ForeignKey("office.id"), index=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("option", String(10), nullable=False),
    Column("venue", String(200), nullable=False),
    one_of("option", ScheduleOption),
)
block = Table(
    "block",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("programme_group.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    UniqueConstraint("group_id", "name"),
)
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("programme_group.id", ondelete="CASCADE"), nullable=False),
    Column("block_id", ForeignKey("block.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("venue", String(200)),  # NULL: the group's
    Column("title", String(200), nullable=False, server_default=""),
    UniqueConstraint("group_id", "number"),
    Index(None, "group_id", "starts_at"),  # type: ignore[arg-type]  # the naming convention names it
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
)
calendar_entry = Table(
    "calendar_entry",  # what was given out to a person's own calendar; dates that are over are dropped
    metadata,
    Column("id", Integer, primary_key=True),
    person_reference(),
    Column("uid", String(36), nullable=False, unique=True),
    Column("about", String(60), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("place", String(200), nullable=False),
    Column("cancelled", Boolean, nullable=False),
)
