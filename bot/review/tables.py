"""The tables of questions to be reviewed, of how often what is asked, and of what visitors say about answers."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from bot.database.columns import Encrypted, UTCDateTime, one_of
from bot.database.metadata import metadata
from bot.messages import AnswerOutcome
from bot.records.enums import ReviewReason

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("topic", String(60), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
)
question_stat = Table(
    "asked",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("week", Date, nullable=False, index=True),  # its Monday, so that no row tells when somebody wrote
    Column("channel", String(20), nullable=False),
    Column("topic", String(60)),  # NULL if no topic was answered
    Column("outcome", String(20), nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),  # equal rows are added up every hour
    one_of("outcome", AnswerOutcome),
)
question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("week", Date, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("topic", String(60)),  # what was answered or offered first
    Column("why", String(20), nullable=False),
    Column("text", Encrypted, nullable=False),
    Column("vector", Encrypted),  # the sentence embedding, base64 of float16; NULL until the question is clustered
    Column("likeness", Integer, key="cluster_id"),  # similar questions share the id of the cluster's first one
    Column("proposal_id", ForeignKey("proposal.id", ondelete="SET NULL"), index=True),
    one_of("why", ReviewReason),
    Index(None, "cluster_id"),  # type: ignore[arg-type]  # the naming convention names it
)
