"""Where people were linked before, so that what is kept under those addresses can be found and erased."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Links that ended before are not known any more."""
    op.create_table(
        "former_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_former_identity_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_identity")),
    )
    for column in ("participant_id", "address_hash", "unlinked_at"):
        op.create_index(op.f(f"ix_former_identity_{column}"), "former_identity", [column], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("former_identity")
