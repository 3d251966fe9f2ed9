"""Staff: who they are, their sessions; and every group belongs to an office."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DEFAULT = "Main office"


def upgrade() -> None:
    """Make the tables; groups that had no office are the main office's."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('facilitator', 'manager', 'administrator')", name=op.f("ck_staff_role_known")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_staff_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email_hash", name=op.f("uq_staff_email_hash")),
    )
    op.create_index(op.f("ix_staff_office_id"), "staff", ["office_id"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    _give_groups_an_office()


def downgrade() -> None:
    """Drop the tables; the groups keep their office."""
    op.drop_index(op.f("ix_staff_session_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_index(op.f("ix_staff_office_id"), table_name="staff")
    op.drop_table("staff")


def _give_groups_an_office() -> None:
    # The column stays as it is: SQLite would have to build the table anew, and dropping the old one would take the
    # sessions of every group with it.
    office = sa.table("office", sa.column("id", sa.Integer), sa.column("name", sa.String))
    group = sa.table("programme_group", sa.column("office_id", sa.Integer))
    connection = op.get_bind()
    if not connection.execute(sa.select(sa.func.count()).where(group.c.office_id.is_(None))).scalar():
        return
    if not connection.execute(sa.select(office.c.id).where(office.c.name == DEFAULT)).first():
        connection.execute(sa.insert(office).values(name=DEFAULT))
    default = sa.select(office.c.id).where(office.c.name == DEFAULT).scalar_subquery()
    connection.execute(sa.update(group).where(group.c.office_id.is_(None)).values(office_id=default))
