"""The tables of proposals of staff and of trainings."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table

from bot.database.columns import Encrypted, UTCDateTime, one_of
from bot.database.metadata import metadata
from bot.records.enums import ProposalState, TrainingState

proposal = Table(
    "proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),  # its name in files of training questions
    Column("topic", String(60), nullable=False),
    Column("words", Encrypted, nullable=False),  # a question a line, as the proposer worded them
    Column("state", String(20), nullable=False, server_default="proposed"),
    Column("proposed_by", String(80), nullable=False),
    Column("proposed_at", UTCDateTime, nullable=False),
    Column("decided_by", String(80)),
    Column("decided_at", UTCDateTime),
    Column("reason", Encrypted),  # why it was refused
    one_of("state", ProposalState),
    CheckConstraint("decided_by <> proposed_by", name="decided_by_another"),
)
training = Table(
    "training",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("open", Boolean, unique=True),  # TRUE until it has ended, then NULL: there is one at a time
    Column("state", String(20), nullable=False, server_default="wanted"),
    Column("wanted_by", String(80), nullable=False),
    Column("wanted_at", UTCDateTime, nullable=False),
    Column("started_at", UTCDateTime),
    Column("alive_at", UTCDateTime),  # the heartbeat: whoever trains writes it every few seconds
    Column("finished_at", UTCDateTime),
    Column("model", String(80)),  # its file
    Column("sources", String(64)),  # the digest of what it was made from, except the questions that staff added
    Column("holds", String, key="proposal_keys", nullable=False, server_default=""),  # of the proposals in the model
    Column("report", String, nullable=False, server_default=""),  # JSON: what its evaluation counted
    one_of("state", TrainingState),
    CheckConstraint("open", name="open_or_null"),
)
