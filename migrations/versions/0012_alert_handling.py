"""Alerts that are closed with an outcome, with their history; screens; forms kept over a sign-in; tries by address."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TABLES = ("office_screen", "kept_form", "staff_try", "alert_step")


def upgrade() -> None:
    """Add them. What was taken on before counts as closed then: nobody has to look at it again."""
    with op.batch_alter_table("alert") as table:
        table.add_column(sa.Column("reopened_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("last_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("messages", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("office_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("screen", sa.String(length=80), server_default="", nullable=False))
        table.add_column(sa.Column("client", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("closed_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("closed_by", sa.String(length=80), nullable=True))
        table.add_column(sa.Column("outcome", sa.String(length=40), nullable=True))
        table.create_foreign_key(op.f("fk_alert_office_id"), "office", ["office_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_alert_office_id"), ["office_id"], unique=False)
        table.create_index(op.f("ix_alert_closed_at"), ["closed_at"], unique=False)
    op.execute("UPDATE alert SET closed_at = acknowledged_at, closed_by = acknowledged_by")
    _make_tables()


def _make_tables() -> None:
    op.create_table(
        "alert_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("to_actor", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "action IN ('taken_on', 'handed_over', 'closed', 'reopened', 'first_call', 'second_call')",
            name=op.f("ck_alert_step_action_known"),
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_step_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_step")),
    )
    op.create_index(op.f("ix_alert_step_alert_id"), "alert_step", ["alert_id"], unique=False)
    op.create_table(
        "staff_try",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("wait_until", _MOMENT, nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_try_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "address_hash", name=op.f("pk_staff_try")),
    )
    op.create_index(op.f("ix_staff_try_at"), "staff_try", ["at"], unique=False)
    op.create_table(
        "kept_form",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_form_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"], unique=False)
    op.create_index(op.f("ix_kept_form_staff_id"), "kept_form", ["staff_id"], unique=False)
    op.create_table(
        "office_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", _MOMENT, nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("set_up_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_office_screen_office_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_screen")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_office_screen_code_hash")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_office_screen_office_id_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_office_screen_token_hash")),
    )


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("alert") as table:
        table.drop_index(op.f("ix_alert_closed_at"))
        table.drop_index(op.f("ix_alert_office_id"))
        table.drop_constraint(op.f("fk_alert_office_id"), type_="foreignkey")
        for column in ("outcome", "closed_by", "closed_at", "client", "screen", "office_id", "messages"):
            table.drop_column(column)
        table.drop_column("last_at")
        table.drop_column("reopened_at")
