"""Imports every module that defines tables, so that ``metadata`` knows them all.

What goes over the whole database imports ``metadata`` from here: migrations, another key, erasure and export.
"""

from bot.alerts import tables as _alerts
from bot.conversation import tables as _conversation
from bot.database import instances as _instances
from bot.database.metadata import metadata
from bot.messaging import tables as _messaging
from bot.records import tables as _audit
from bot.records.access import tables as _access
from bot.records.attendance import tables as _attendance
from bot.records.participants import tables as _participants
from bot.records.sessions import tables as _sessions
from bot.records.staff import tables as _staff
from bot.review import tables as _review
from bot.training import tables as _training

__all__ = ["metadata"]

DEFINED_IN = (
    _access, _alerts, _attendance, _audit, _conversation, _instances, _messaging, _participants, _review, _sessions,
    _staff, _training,
)  # fmt: skip
"""The modules themselves; each has put its tables into ``metadata``."""
