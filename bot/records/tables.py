"""The tables. Whatever names or describes a person is encrypted; what it is found by is a keyed hash.

Every table that points to a person does so with ON DELETE CASCADE: removing the participant's row erases the rest.
Only the audit trail stays, with the person cut out of it.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from bot.database.columns import Encrypted, LookUp, Moment
from bot.database.metadata import metadata
from bot.messages import Understood
from bot.records.enums import (
    AppointmentKind,
    Option,
    Outcome,
    ProposalState,
    Role,
    Status,
    TrainingState,
    Why,
)
from bot.records.participants.references import folded


def _one_of(column: str, values: object) -> CheckConstraint:
    allowed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def _person(*, primary_key: bool = False) -> Column:
    return Column(
        "participant_id",
        ForeignKey("participant.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
        index=not primary_key,
    )


office = Table(
    "office",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
)
programme = Table(
    "programme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(40), nullable=False, unique=True),  # the folder of its answers
    Column("sessions", Integer, nullable=False),
    Column("session_minutes", Integer, nullable=False),
    Column("allowed_misses", Integer, nullable=False),
)
programme_option = Table(
    "programme_option",
    metadata,
    Column("programme_id", ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True),
    Column("option", String(10), primary_key=True),
    Column("weeks", Integer, nullable=False),
    Column("earliest", String(5), nullable=False),  # local time, HH:MM
    Column("latest", String(5), nullable=False),
    _one_of("option", Option),
)
programme_group = Table(
    "programme_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme_id", ForeignKey("programme.id"), nullable=False, index=True),
    Column("office_id", ForeignKey("office.id"), index=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("option", String(10), nullable=False),
    Column("venue", String(200), nullable=False),
    _one_of("option", Option),
)
block = Table(
    "block",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("programme_group.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    UniqueConstraint("group_id", "name"),
)
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_id", ForeignKey("programme_group.id", ondelete="CASCADE"), nullable=False),
    Column("block_id", ForeignKey("block.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("venue", String(200)),  # NULL: the group's
    Column("title", String(200), nullable=False, server_default=""),
    UniqueConstraint("group_id", "number"),
    Index(None, "group_id", "starts_at"),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
)
participant = Table(
    "participant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference_hash", LookUp("participant.reference", folded), nullable=False, unique=True),
    Column("reference", Encrypted, nullable=False),
    Column("preferred_name", Encrypted, nullable=False),
)
enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
    Column("group_id", ForeignKey("programme_group.id"), nullable=False, index=True),
    Column("status", String(10), nullable=False),
    Column("from_date", Date),
    Column("to_date", Date),
    UniqueConstraint("participant_id", "group_id"),
    _one_of("status", Status),
)
attendance = Table(
    "attendance",
    metadata,
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("outcome", String(4), nullable=False),
    _one_of("outcome", Outcome),
    sqlite_with_rowid=False,
)
catch_up = Table(
    "catch_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("venue", String(200)),
    Column("outcome", String(4)),  # NULL: booked
    UniqueConstraint("enrolment_id", "session_id", "starts_at"),
    _one_of("outcome", Outcome),
)
appointment = Table(
    "appointment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("venue", String(200), nullable=False),
    UniqueConstraint("participant_id", "kind", "starts_at"),
    _one_of("kind", AppointmentKind),
)
calendar_entry = Table(
    "calendar_entry",  # what was given out to a person's own calendar; dates that are over are dropped
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("uid", String(36), nullable=False, unique=True),
    Column("about", String(60), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("place", String(200), nullable=False),
    Column("cancelled", Boolean, nullable=False),
)
channel_identity = Table(
    "channel_identity",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("address_hash", LookUp("channel_identity.address"), nullable=False, unique=True),
    Column("address", Encrypted, nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("unlocked_until", Moment),  # NULL or past: locked
    Column("waiting_question", Encrypted),  # asked while locked; answered after the PIN
)
former_identity = Table(
    "former_identity",  # who was linked where before: what is kept under an address must still be found to be erased
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("address_hash", LookUp("former_identity.address"), nullable=False, index=True),
    Column("address", Encrypted, nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("unlinked_at", Moment, nullable=False, index=True),
)
link_code = Table(
    "link_code",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("code_hash", LookUp("link_code.code"), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
)
pin = Table(
    "pin",
    metadata,
    _person(primary_key=True),
    Column("hash", String(200)),  # Argon2; NULL: not chosen yet
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("wait_until", Moment),
    Column("locked", Boolean, nullable=False, server_default="0"),
)
guess = Table(
    "guess",  # signing in with a reference that has no PIN: counted as wrong PINs are
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference_hash", LookUp("guess.reference", folded), nullable=False, unique=True),
    Column("wrong", Integer, nullable=False),
    Column("wait_until", Moment),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("at", Moment, nullable=False),
)
absence_report = Table(
    "absence_report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enrolment_id", ForeignKey("enrolment.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("session_id", ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reported_at", Moment, nullable=False),
    Column("words", Encrypted, nullable=False),  # what the person wrote
    Column("reason", Encrypted),  # what the person added afterwards
    Column("withdrawn_at", Moment),  # when the person said that they come after all
    Column("state", String(10), nullable=False, server_default="pending"),
    UniqueConstraint("enrolment_id", "session_id"),
    CheckConstraint("state IN ('pending', 'decided')", name="state_known"),
)
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("participant_id", ForeignKey("participant.id", ondelete="SET NULL"), index=True),
    Column("detail", String(200), nullable=False, server_default=""),
)
opt_out = Table(
    "opt_out",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address_hash", LookUp("opt_out.address"), nullable=False, unique=True),
    Column("address", Encrypted, nullable=False),
    Column("since", Moment, nullable=False),
)
staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", ForeignKey("office.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("name", Encrypted, nullable=False),
    Column("email_hash", LookUp("staff.email"), nullable=False, unique=True),
    Column("email", Encrypted, nullable=False),
    Column("password", String(200), nullable=False),  # Argon2
    Column("totp", Encrypted),  # the secret; NULL: a password is enough
    Column("totp_step", Integer),  # when the last code was for, in steps of 30 s: none works twice
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("locked_until", Moment),
    _one_of("role", Role),
)
staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", LookUp("staff_session.token"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
staff_try = Table(
    "staff_try",  # wrong tries of signing in, by account and network address
    metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("address_hash", LookUp("staff_try.address"), primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("wait_until", Moment),
    Column("at", Moment, nullable=False, index=True),
)
kept_form = Table(
    "kept_form",  # what a member had entered when the session ended, until they sign in again
    metadata,
    Column("token_hash", LookUp("kept_form.token"), primary_key=True),  # of the browser it was entered in
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", Encrypted, nullable=False),  # JSON: the page, where the form goes, its fields
    Column("kept_at", Moment, nullable=False, index=True),
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("topic", String(60), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
)
asked = Table(
    "asked",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("week", Date, nullable=False, index=True),  # its Monday: no row tells when somebody wrote
    Column("channel", String(20), nullable=False),
    Column("topic", String(60)),  # NULL: none was answered
    Column("outcome", String(20), nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),  # rows that are alike are added up every hour
    _one_of("outcome", Understood),
)
proposal = Table(
    "proposal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),  # its name in the files of training questions
    Column("topic", String(60), nullable=False),
    Column("words", Encrypted, nullable=False),  # a question a line, as the proposer worded them
    Column("state", String(20), nullable=False, server_default="proposed"),
    Column("proposed_by", String(80), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", String(80)),
    Column("decided_at", Moment),
    Column("reason", Encrypted),  # why it was refused
    _one_of("state", ProposalState),
    CheckConstraint("decided_by <> proposed_by", name="decided_by_another"),
)
question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("week", Date, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("topic", String(60)),  # what was answered or offered first
    Column("why", String(20), nullable=False),
    Column("text", Encrypted, nullable=False),
    Column("vector", Encrypted),  # what likeness goes by; NULL: not looked at yet
    Column("likeness", Integer),  # questions with the same number are alike
    Column("proposal_id", ForeignKey("proposal.id", ondelete="SET NULL"), index=True),
    _one_of("why", Why),
    Index(None, "likeness"),
)
training = Table(
    "training",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("open", Boolean, unique=True),  # TRUE until it has ended, then NULL: there is one at a time
    Column("state", String(20), nullable=False, server_default="wanted"),
    Column("wanted_by", String(80), nullable=False),
    Column("wanted_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("alive_at", Moment),  # whoever trains says so every few seconds
    Column("finished_at", Moment),
    Column("model", String(80)),  # its file
    Column("sources", String(64)),  # the digest of what it was made from, beside the questions that staff added
    Column("holds", String, nullable=False, server_default=""),  # the keys of the proposals in it
    Column("report", String, nullable=False, server_default=""),  # JSON: what its trial said, in figures
    _one_of("state", TrainingState),
    CheckConstraint("open", name="open_or_null"),
)
