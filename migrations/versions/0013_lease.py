"""What is urgent in the mailbox, and which processes are at work on it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "service_instance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_instance")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("service_instance")
    for name in ("outbox", "inbox"):
        with op.batch_alter_table(name) as table:
            table.drop_column("urgent")
