"""Reported absences: a reason given later, and when the report was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What was reported before has no later reason and was not taken back."""
    op.add_column("absence_report", sa.Column("reason", sa.LargeBinary(), nullable=True))
    op.add_column("absence_report", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("absence_report") as table:
        table.drop_column("withdrawn_at")
        table.drop_column("reason")
