"""The table of kept forms: what was kept before a browser had one for each page stays."""

from datetime import UTC, datetime

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.database.migrate import FOLDER
from bot.records.enums import Role
from bot.records.staff import kept_forms, members
from bot.records.staff.kept_forms import KeptForm
from bot.retention.all_tables import metadata

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND = (KeptForm(f"/staff/sessions/{n}/register", "", [("outcome", "ATTC")]) for n in (1, 2))


def moved(record, revision):
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with record.schema_transaction() as connection:
        config.attributes["connection"] = connection
        at = MigrationContext.configure(connection).get_current_revision()
        (command.downgrade if revision < at else command.upgrade)(config, revision)


def test_a_form_is_kept_over_the_migrations_there_and_back(empty_record):
    with empty_record.writing() as connection:
        id_ = members.add(connection, "Fay", "f@example.org", Role.MANAGER, "an invented password", "Office", "t", NOW)
        for form in (FIRST, SECOND):
            kept_forms.keep(connection, "token", id_, form, NOW)
    moved(empty_record, "0013")
    with empty_record.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept_form")).scalar() == 1
    moved(empty_record, "0014")
    with empty_record.writing() as connection:
        assert kept_forms.newest(connection, "token", id_, NOW) == SECOND
        kept_forms.keep(connection, "token", id_, FIRST, NOW)
        assert kept_forms.find(connection, "token", id_, SECOND.page, NOW) == SECOND
    with empty_record.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
