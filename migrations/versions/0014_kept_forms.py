"""One kept form for each page of a browser, where there was one for the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OLD = "kept_form_before"
_KEEP_ALL = (
    "INSERT INTO kept_form (token_hash, staff_id, content, kept_at) "
    "SELECT token_hash, staff_id, content, kept_at FROM kept_form_before"
)
_KEEP_NEWEST = _KEEP_ALL + " WHERE id IN (SELECT max(id) FROM kept_form_before GROUP BY token_hash)"  # noqa: S608


def upgrade() -> None:
    """Give the rows an id, so that a browser can have several. What is kept stays."""
    _rebuild(with_id=True)


def downgrade() -> None:
    """Go back to one row for a browser: of several only the newest stays."""
    _rebuild(with_id=False)


def _rebuild(*, with_id: bool) -> None:
    op.drop_index(op.f("ix_kept_form_kept_at"), table_name="kept_form")
    op.drop_index(op.f("ix_kept_form_staff_id"), table_name="kept_form")
    if not with_id:
        op.drop_index(op.f("ix_kept_form_token_hash"), table_name="kept_form")
    if op.get_bind().dialect.name == "postgresql":  # names of constraints are unique in the whole schema there
        op.drop_constraint(op.f("pk_kept_form"), "kept_form", type_="primary")
        op.drop_constraint(op.f("fk_kept_form_staff_id"), "kept_form", type_="foreignkey")
    op.rename_table("kept_form", _OLD)
    own = [sa.Column("id", sa.Integer(), nullable=False)] if with_id else []
    op.create_table(
        "kept_form",
        *own,
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_form_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id" if with_id else "token_hash", name=op.f("pk_kept_form")),
    )
    op.execute(_KEEP_ALL if with_id else _KEEP_NEWEST)
    op.drop_table(_OLD)
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"], unique=False)
    op.create_index(op.f("ix_kept_form_staff_id"), "kept_form", ["staff_id"], unique=False)
    if with_id:
        op.create_index(op.f("ix_kept_form_token_hash"), "kept_form", ["token_hash"], unique=False)
