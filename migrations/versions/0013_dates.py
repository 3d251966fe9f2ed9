"""What was given out to people's own calendars, so that a moved date does not stand in them twice."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. What was given out before is not known, and stays as it is."""
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_calendar_entry_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_entry_uid")),
    )
    op.create_index(op.f("ix_calendar_entry_participant_id"), "calendar_entry", ["participant_id"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_calendar_entry_participant_id"), table_name="calendar_entry")
    op.drop_table("calendar_entry")
