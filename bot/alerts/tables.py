"""The tables of alerts, and of the screens that alerts come from."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.database.columns import BlindIndex, Encrypted, UTCDateTime
from bot.database.metadata import metadata

alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("address", Encrypted, nullable=False),
    Column("participant_id", ForeignKey("participant.id", ondelete="CASCADE"), index=True),
    Column("raised_at", UTCDateTime, nullable=False, index=True),
    Column("reopened_at", UTCDateTime),  # since when it waits anew
    Column("last_at", UTCDateTime),  # when the latest message came that it stands for; NULL: one only
    Column("messages", Integer, nullable=False, server_default="1"),
    Column("office_id", ForeignKey("office.id", ondelete="SET NULL"), index=True),  # where the screen stands
    Column("screen", String(80), nullable=False, server_default=""),  # its name; empty where it is not known
    Column("client", Encrypted),  # the network address of a screen that is not known
    Column("acknowledged_at", UTCDateTime),
    Column("acknowledged_by", String(80)),  # who looks after it now
    Column("closed_at", UTCDateTime, index=True),
    Column("closed_by", String(80)),
    Column("outcome", String(40)),  # a key of data/staff/alerts.yml
    Column("first_called_at", UTCDateTime),  # when the first duty phone was texted, nobody having taken it on
    Column("second_called_at", UTCDateTime),  # when all of them were
)
alert_step = Table(
    "alert_step",  # what was done about an alert, in order
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", ForeignKey("alert.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
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
office_screen = Table(
    "office_screen",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office_id", ForeignKey("office.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("code_hash", BlindIndex("office_screen.code"), unique=True),
    Column("code", Encrypted),  # NULL once a machine was set up with it
    Column("code_expires_at", UTCDateTime),
    Column("token_hash", BlindIndex("office_screen.token"), unique=True),
    Column("token", Encrypted),  # what the machine holds; NULL: none was set up yet
    Column("set_up_at", UTCDateTime),
    UniqueConstraint("office_id", "name"),
)
