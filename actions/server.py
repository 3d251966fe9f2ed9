"""What `rasa run actions` adds: the actions' tools come from the settings and the record, as in the service.

Rasa's action server imports every module of this package and builds each action without arguments. It listens on
every address unless it is told otherwise: here on loopback, since an action's request names a participant.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime

from actions import tools
from actions.tools import Tools
from bot import bootstrap
from bot.cli.console import operator
from bot.database.engine import Database
from bot.dialogue.terminal import PARTICIPANT, Terminal
from bot.records import audit
from bot.records.participants import repository
from bot.settings import Settings, SettingsError


def from_settings() -> Tools:
    """Return the tools, built from the environment's settings; the record's database is opened."""
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    settings = Settings.from_env(os.environ)
    record = bootstrap.database(settings)
    return replace(bootstrap.action_tools(settings, record), terminal=terminal(record, settings.shell_participant))


def terminal(record: Database, reference: str) -> Terminal:
    """Return who speaks in `rasa shell`; each start is noted in the audit trail. Raise SettingsError on a stranger."""
    if not reference:
        return Terminal()
    with record.writing() as connection:
        found = repository.participant_id(connection, reference)
        if found is None:
            raise SettingsError(f"{PARTICIPANT}: no participant {reference!r}: expected a reference of the record")
        audit.note(connection, datetime.now(UTC), operator(), "spoken as", found, "rasa shell")
    return Terminal(found)


tools.build_with(from_settings)
