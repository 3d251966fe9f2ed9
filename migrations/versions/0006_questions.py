"""What is asked, what could not be answered, and what is taught from that."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LOCAL = ZoneInfo("Europe/London")


def upgrade() -> None:
    """Make the tables, and move the questions whose answers did not help among the others."""
    _asked()
    _proposal()
    _question()
    _training()
    _move_questions()
    with op.batch_alter_table("feedback") as table:
        table.drop_column("question")


def _asked() -> None:
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('answered', 'offered', 'not_understood', 'outside')", name=op.f("ck_asked_outcome_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    op.create_index(op.f("ix_asked_week"), "asked", ["week"], unique=False)


def _proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), server_default="proposed", nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused', 'approved', 'in_model', 'taken_back')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_proposal_decided_by_another")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_key")),
    )


def _question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("likeness", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "why IN ('not_understood', 'offered', 'outside', 'unhelpful')", name=op.f("ck_question_why_known")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_question_proposal_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_at"), "question", ["at"], unique=False)
    op.create_index(op.f("ix_question_likeness"), "question", ["likeness"], unique=False)
    op.create_index(op.f("ix_question_proposal_id"), "question", ["proposal_id"], unique=False)


def _training() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=20), server_default="wanted", nullable=False),
        sa.Column("wanted_by", sa.String(length=80), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("sources", sa.String(length=64), nullable=True),
        sa.Column("holds", sa.String(), server_default="", nullable=False),
        sa.Column("report", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'running', 'accepted', 'refused', 'failed')", name=op.f("ck_training_state_known")
        ),
        sa.CheckConstraint("open", name=op.f("ck_training_open_or_null")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("open", name=op.f("uq_training_open")),
    )


def _move_questions() -> None:
    """Move them as they are, encrypted; the week is that of the local day."""
    feedback, question = _tables()
    connection = op.get_bind()
    rows = connection.execute(sa.select(feedback).where(feedback.c.question.is_not(None))).all()
    moved = [
        {
            "at": row.at,
            "week": _monday(row.at),
            "channel": row.channel,
            "topic": row.topic,
            "why": "unhelpful",
            "text": row.question,
        }
        for row in rows
    ]
    if moved:
        connection.execute(question.insert(), moved)


def _monday(moment: datetime) -> object:
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    day = at.astimezone(_LOCAL).date()
    return day - timedelta(days=day.weekday())


def _tables() -> tuple[sa.Table, sa.Table]:
    def columns() -> list[sa.Column]:
        return [
            sa.Column("at", sa.DateTime(timezone=True)),
            sa.Column("channel", sa.String),
            sa.Column("topic", sa.String),
        ]

    metadata = sa.MetaData()
    feedback = sa.Table("feedback", metadata, *columns(), sa.Column("question", sa.LargeBinary))
    added = [sa.Column("week", sa.Date), sa.Column("why", sa.String), sa.Column("text", sa.LargeBinary)]
    return feedback, sa.Table("question", metadata, *columns(), *added)


def downgrade() -> None:
    """Drop them; the questions go with them."""
    with op.batch_alter_table("feedback") as table:
        table.add_column(sa.Column("question", sa.LargeBinary(), nullable=True))
    for name in ("training", "question", "proposal", "asked"):
        op.drop_table(name)
