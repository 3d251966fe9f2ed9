"""The inbox: the provider's own order, messages that others read along, and senders who are slowed down."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is waiting keeps its order, before whatever comes now."""
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("rank", sa.BigInteger(), server_default="0", nullable=False))
        table.drop_constraint(op.f("ck_inbox_state_known"), type_="check")
        table.create_check_constraint(
            op.f("ck_inbox_state_known"), "state IN ('waiting', 'done', 'throttled', 'set_aside')"
        )


def downgrade() -> None:
    """Drop them."""
    op.execute("UPDATE inbox SET state = 'done' WHERE state = 'throttled'")
    with op.batch_alter_table("inbox") as table:
        table.drop_constraint(op.f("ck_inbox_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_inbox_state_known"), "state IN ('waiting', 'done', 'set_aside')")
        table.drop_column("rank")
        table.drop_column("public")
