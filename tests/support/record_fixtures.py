"""Fixtures of records: one that tests share, empty ones, and one with staff whose pages are served."""

import shutil
from contextlib import contextmanager

import pytest

from tests.support.components import postgresql_database
from tests.support.records import RECORD, TEST_KEY, imported


@pytest.fixture(scope="session")
def record_settings(tmp_path_factory):
    """Settings with a record of their own, in a SQLite file that no other run has."""
    from bot.settings import Settings

    return Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('record')}/record.db")


@pytest.fixture(scope="session")
def record(record_settings):
    """The record of the bot: the people of tests/record/."""
    from bot import bootstrap

    opened = bootstrap.database(record_settings)
    done = imported(opened, RECORD)
    assert done.problems.found == []
    _SHARED.append(opened)
    return opened


_SHARED = []
"""The record of all tests that share one, once it is made."""


@pytest.fixture(scope="module", autouse=True)
def _no_absences_of_other_files():
    """Begin each file with no absence reported: which files came before depends on the process that runs them."""
    if _SHARED:
        from bot.records.attendance.tables import absence_report

        with _SHARED[0].writing() as connection:
            connection.execute(absence_report.delete())


@contextmanager
def opened(url):
    """Open a record with all its tables, and close it afterwards."""
    from bot.database.engine import open_database
    from bot.database.migrate import migrate

    record = open_database(url, TEST_KEY, print)
    migrate(record)
    yield record
    record.engine.dispose()


def fill(record):
    """Import the people of tests/record/, and add a member of staff of each role."""
    from tests.support.staff_desk import NOW, PEOPLE, add_members

    assert imported(record, RECORD).problems.found == []
    add_members(record, PEOPLE, NOW)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_record(request, tmp_path):
    """An empty record of its own, on each kind of database."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path}/record.db") as record:
            yield record
        return
    with postgresql_database() as url, opened(url) as record:
        yield record


@pytest.fixture(scope="session")
def staffed_template(tmp_path_factory):
    """A SQLite record with the people of tests/record/ and a member of staff of each role: copied for each test."""
    file = tmp_path_factory.mktemp("staffed") / "record.db"
    with opened(f"sqlite:///{file}") as record:
        fill(record)
    return file


@pytest.fixture
def staff_site(request, tmp_path):
    """The pages of staff over a record of their own, at a moment that stands still.

    Over SQLite; tests that are marked ``on_each_database`` have it over PostgreSQL as well.
    """
    from tests.support.staff_desk import Served

    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("staffed_template"), tmp_path / "record.db")
        with opened(f"sqlite:///{tmp_path}/record.db") as record:
            yield Served(record)
        return
    with postgresql_database() as url, opened(url) as record:
        fill(record)
        yield Served(record)
