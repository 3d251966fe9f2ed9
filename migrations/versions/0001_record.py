"""The record: groups, sessions, people, attendance, and who is who."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("name", name=op.f("uq_office_name")),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("preferred_name", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("reference_hash", name=op.f("uq_participant_reference_hash")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=False),
        sa.Column("allowed_misses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind IN ('pre_questionnaires', 'post_questionnaires', 'final_review', 'offender_manager')",
            name=op.f("ck_appointment_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_appointment_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint(
            "participant_id", "kind", "starts_at", name=op.f("uq_appointment_participant_id_kind_starts_at")
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_audit_entry_participant_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_participant_id"), "audit_entry", ["participant_id"], unique=False)
    op.create_table(
        "channel_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_question", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_channel_identity_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_identity")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_channel_identity_address_hash")),
    )
    op.create_index(op.f("ix_channel_identity_participant_id"), "channel_identity", ["participant_id"], unique=False)
    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_link_code_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_code_code_hash")),
    )
    op.create_index(op.f("ix_link_code_participant_id"), "link_code", ["participant_id"], unique=False)
    op.create_table(
        "pin",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=True),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_pin_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_pin")),
    )
    op.create_table(
        "programme_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("option", sa.String(length=10), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.CheckConstraint("option IN ('day', 'evening')", name=op.f("ck_programme_group_option_known")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_programme_group_office_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_group_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_group")),
        sa.UniqueConstraint("name", name=op.f("uq_programme_group_name")),
    )
    op.create_index(op.f("ix_programme_group_office_id"), "programme_group", ["office_id"], unique=False)
    op.create_index(op.f("ix_programme_group_programme_id"), "programme_group", ["programme_id"], unique=False)
    op.create_table(
        "programme_option",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("option", sa.String(length=10), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("earliest", sa.String(length=5), nullable=False),
        sa.Column("latest", sa.String(length=5), nullable=False),
        sa.CheckConstraint("option IN ('day', 'evening')", name=op.f("ck_programme_option_option_known")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_option_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", "option", name=op.f("pk_programme_option")),
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["programme_group.id"], name=op.f("fk_block_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_block_group_id_name")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'completed', 'withdrawn')", name=op.f("ck_enrolment_status_known")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["programme_group.id"], name=op.f("fk_enrolment_group_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_enrolment_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("participant_id", "group_id", name=op.f("uq_enrolment_participant_id_group_id")),
    )
    op.create_index(op.f("ix_enrolment_group_id"), "enrolment", ["group_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_ends_after_start")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_session_block_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["programme_group.id"], name=op.f("fk_session_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_session_group_id_number")),
    )
    op.create_index(op.f("ix_session_block_id"), "session", ["block_id"], unique=False)
    op.create_index(op.f("ix_session_group_id_starts_at"), "session", ["group_id", "starts_at"], unique=False)
    op.create_table(
        "absence_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="pending", nullable=False),
        sa.CheckConstraint("state IN ('pending', 'decided')", name=op.f("ck_absence_report_state_known")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_absence_report_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_absence_report_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_report")),
        sa.UniqueConstraint("enrolment_id", "session_id", name=op.f("uq_absence_report_enrolment_id_session_id")),
    )
    op.create_index(op.f("ix_absence_report_enrolment_id"), "absence_report", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_absence_report_session_id"), "absence_report", ["session_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=4), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('ATTC', 'AFTC', 'UAAB', 'AAAA', 'AAME', 'AARE', 'AAHO', 'AAEM', 'AAFC', 'AACL', 'AASD', 'RSSR', 'RSOF')",  # noqa: E501
            name=op.f("ck_attendance_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_attendance_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "session_id", name=op.f("pk_attendance")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_attendance_session_id"), "attendance", ["session_id"], unique=False)
    op.create_table(
        "catch_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=4), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('ATTC', 'AFTC', 'UAAB', 'AAAA', 'AAME', 'AARE', 'AAHO', 'AAEM', 'AAFC', 'AACL', 'AASD', 'RSSR', 'RSOF')",  # noqa: E501
            name=op.f("ck_catch_up_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_catch_up_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_catch_up_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catch_up")),
        sa.UniqueConstraint(
            "enrolment_id", "session_id", "starts_at", name=op.f("uq_catch_up_enrolment_id_session_id_starts_at")
        ),
    )
    op.create_index(op.f("ix_catch_up_session_id"), "catch_up", ["session_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_catch_up_session_id"), table_name="catch_up")
    op.drop_table("catch_up")
    op.drop_index(op.f("ix_attendance_session_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_absence_report_session_id"), table_name="absence_report")
    op.drop_index(op.f("ix_absence_report_enrolment_id"), table_name="absence_report")
    op.drop_table("absence_report")
    op.drop_index(op.f("ix_session_group_id_starts_at"), table_name="session")
    op.drop_index(op.f("ix_session_block_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_enrolment_group_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_table("block")
    op.drop_table("programme_option")
    op.drop_index(op.f("ix_programme_group_programme_id"), table_name="programme_group")
    op.drop_index(op.f("ix_programme_group_office_id"), table_name="programme_group")
    op.drop_table("programme_group")
    op.drop_table("pin")
    op.drop_index(op.f("ix_link_code_participant_id"), table_name="link_code")
    op.drop_table("link_code")
    op.drop_index(op.f("ix_channel_identity_participant_id"), table_name="channel_identity")
    op.drop_table("channel_identity")
    op.drop_index(op.f("ix_audit_entry_participant_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("appointment")
    op.drop_table("programme")
    op.drop_table("participant")
    op.drop_table("office")
