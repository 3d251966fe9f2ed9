"""The tables of the mailbox. What people wrote and their numbers are encrypted."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from bot.database.columns import Encrypted, LookUp, Moment
from bot.database.instances import service_instance as service_instance
from bot.database.metadata import metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of arrival
    Column("channel", String(20), nullable=False),
    Column("provider_id", String(120), nullable=False),
    Column("address_hash", LookUp("mailbox.address"), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("text", Encrypted),  # NULL: a message without text, or one that is no longer needed
    Column("public", Boolean, nullable=False, server_default=false()),
    Column("urgent", Boolean, nullable=False, server_default=false()),  # plainly a danger: waits for nothing
    Column("rank", BigInteger, nullable=False, server_default="0"),  # the provider's order, else when it came
    Column("received_at", Moment, nullable=False, index=True),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),  # begun; the number of one is whose it is
    Column("next_try_at", Moment, nullable=False),  # for one in hand: when it is anybody's again
    UniqueConstraint("channel", "provider_id"),
    Index(None, "state", "address_hash", "id"),
    CheckConstraint("state IN ('waiting', 'done', 'throttled', 'set_aside')", name="state_known"),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),  # the order of sending
    Column("inbox_id", ForeignKey("inbox.id", ondelete="SET NULL"), index=True),  # what it answers
    Column("channel", String(20), nullable=False),
    Column("address_hash", LookUp("mailbox.address"), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("content", Encrypted),  # JSON of a Parcel; NULL: no longer needed
    Column("urgent", Boolean, nullable=False, server_default=false()),  # about a danger: goes before all others
    Column("created_at", Moment, nullable=False, index=True),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Moment, nullable=False),
    Column("provider_id", String(120), index=True),  # how the provider names it in its receipts
    Column("detail", String(80), nullable=False, server_default=""),  # why it failed
    Index(None, "state", "address_hash", "id"),
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'delivered', 'failed')", name="state_known"),
)
conversation_state = Table(
    "conversation_state",
    metadata,
    Column("conversation_hash", LookUp("conversation_state.conversation"), primary_key=True),
    Column("state", Encrypted, nullable=False),  # JSON: what the next turn leans on
    Column("updated_at", Moment, nullable=False, index=True),
)
office_screen = Table(
    "office_screen",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", ForeignKey("office.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("code_hash", LookUp("office_screen.code"), unique=True),
    Column("code", Encrypted),  # NULL once a machine was set up with it
    Column("code_expires_at", Moment),
    Column("token_hash", LookUp("office_screen.token"), unique=True),
    Column("token", Encrypted),  # what the machine holds; NULL: none was set up yet
    Column("set_up_at", Moment),
    UniqueConstraint("office_id", "name"),
)
alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), index=True),
    Column("raised_at", Moment, nullable=False, index=True),
    Column("reopened_at", Moment),  # since when it waits anew
    Column("last_at", Moment),  # when the latest message came that it stands for; NULL: one only
    Column("messages", Integer, nullable=False, server_default="1"),
    Column("office_id", ForeignKey("office.id", ondelete="SET NULL"), index=True),  # where the screen stands
    Column("screen", String(80), nullable=False, server_default=""),  # its name; empty where it is not known
    Column("client", Encrypted),  # the network address of a screen that is not known
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", String(80)),  # who looks after it now
    Column("closed_at", Moment, index=True),
    Column("closed_by", String(80)),
    Column("outcome", String(40)),  # a key of data/staff/alerts.yml
    Column("first_called_at", Moment),  # when the first duty phone was texted, nobody having taken it on
    Column("second_called_at", Moment),  # when all of them were
)
alert_step = Table(
    "alert_step",  # what was done about an alert, in order
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", ForeignKey("alert.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(20), nullable=False),
    Column("to_actor", String(80)),  # whom it was handed to
    Column("outcome", String(40)),
    Column("note", Encrypted),
    CheckConstraint(
        "action IN ('taken_on', 'handed_over', 'closed', 'reopened', 'first_call', 'second_call')", name="action_known"
    ),
)
duty_text = Table(
    "duty_text",
    metadata,
    Column("alert_id", ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("call", Integer, nullable=False),
    CheckConstraint("call IN (1, 2)", name="call_known"),
)
