"""The keys that the record is encrypted with."""

from datetime import UTC, datetime

from bot import bootstrap
from bot.cli.console import CommandError, operator, put, tell
from bot.database.engine import key_file_of
from bot.database.keyring import add_key
from bot.database.keyring import new_key as make_key
from bot.database.postgresql import silent_for
from bot.retention import key_rotation
from bot.settings import Settings


def rotate_key(settings: Settings) -> None:
    """Write everything in the record anew with the newest key; on SQLite make that key first."""
    file = key_file_of(settings.database_url)
    of_file = not settings.database_key and file is not None and file.exists()
    if not of_file and settings.database_key.count(",") == 0:
        raise CommandError("LEAFLINE_DATABASE_KEY has one key: expected the new one, a comma, and the one in use")
    record = bootstrap.database(settings, rotating=True)
    with record.writing() as connection:
        key_rotation.refuse_while_in_use(connection, datetime.now(UTC))
        complete = key_rotation.is_complete(connection, record.keyring)
    if of_file and complete and file:  # else an earlier change did not come to its end, and its key is there already
        add_key(file)
        record = bootstrap.database(settings, rotating=True)
    with record.writing() as connection, silent_for(None):
        count = key_rotation.rotate(connection, operator(), datetime.now(UTC))
    if of_file:
        tell(f"{count} rows are written with the new key, the first in {file}. Start the service again.")
        tell("The keys before it are kept in that file: they still read backups, and what was overlooked.")
    else:
        tell(f"{count} rows are written with the first key. Start the service again with the keys as they are now.")


def new_key(settings: Settings) -> None:
    """Print a new key."""
    put(make_key())
