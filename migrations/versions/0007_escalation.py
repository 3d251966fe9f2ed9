"""Alerts that nobody takes on: when the duty phones were texted, and by which messages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. What is open already counts as never called about, and so is called about."""
    op.add_column("alert", sa.Column("first_called_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("second_called_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "duty_text",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.Integer(), nullable=False),
        sa.CheckConstraint("call IN (1, 2)", name=op.f("ck_duty_text_call_known")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_duty_text_alert_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_duty_text_outbox_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("alert_id", "outbox_id", name=op.f("pk_duty_text")),
    )
    op.create_index(op.f("ix_duty_text_outbox_id"), "duty_text", ["outbox_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_duty_text_outbox_id"), table_name="duty_text")
    op.drop_table("duty_text")
    with op.batch_alter_table("alert") as table:
        table.drop_column("second_called_at")
        table.drop_column("first_called_at")
