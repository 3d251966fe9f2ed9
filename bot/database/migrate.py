"""Brings a database up to date: whatever command meets it first runs the migrations it lacks."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.database.engine import Database, DatabaseError

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = 4_601_322_517
"""Of PostgreSQL's advisory locks the one that says: somebody migrates."""


def migrate(database: Database) -> bool:
    """Run the migrations that are missing; return whether the database was empty before.

    Raise DatabaseError where the database is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    scripts = ScriptDirectory.from_config(config)
    with database.reading() as connection:
        at = _revision(connection)
    if at == scripts.get_current_head():
        return False
    with database.schema_transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        at = _revision(connection)  # somebody else may have been first
        if at is not None and at not in {script.revision for script in scripts.walk_revisions()}:
            raise DatabaseError(f"the database is of a newer Leafline (its revision is {at}): run that one")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return at is None


def _revision(connection: Connection) -> str | None:
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision
