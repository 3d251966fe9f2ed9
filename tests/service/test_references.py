"""References: one person's in whatever case, with whatever spaces and dashes; and databases from before that."""

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.database.engine import DatabaseError, open_database
from bot.database.keyring import Keyring, new_key
from bot.database.migrate import FOLDER, migrate
from bot.records.participants import repository
from bot.records.participants.references import folded
from bot.retention import key_rotation
from tests.support.records import TEST_KEY

PURPOSE = "participant.reference"
SPELLINGS = [
    "DEMO-02", "demo-02", "Demo 02", "DEMO02", "demo 0 2", "DEMO–02", "DEMO\N{MINUS SIGN}02", "DEMO_02", "DEMO-02.",
    "DEMO\N{NON-BREAKING HYPHEN}02", " demo-02 ", "demo\N{ZERO WIDTH SPACE}-02", "demo -\N{NO-BREAK SPACE}02", "DEMO-02,",
    "DEMO\N{FULLWIDTH HYPHEN-MINUS}0\N{FULLWIDTH DIGIT TWO}",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_a_reference_are_the_same(spelling):
    assert folded(spelling) == folded("DEMO-02")


@pytest.mark.parametrize("other", ["DEMO-03", "DEMO-20", "DEM0-02", "DEMO-02X", "DEMO/02", "2", ""])
def test_other_references_are_not(other):
    assert folded(other) != folded("DEMO-02")


def test_what_has_no_letter_or_digit_is_no_reference():
    assert [folded(given) for given in ("", " ", "--", "\N{ZERO WIDTH SPACE}", "...")] == [""] * 5


# Databases from before


def before(database):
    """Bring an empty database to the revision before this one."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    return database


@pytest.fixture
def old(empty_record, tmp_path):
    """A database of the release before, on either kind of server."""
    if empty_record.engine.dialect.name == "sqlite":
        return before(open_database(f"sqlite:///{tmp_path}/old.db", TEST_KEY, print))
    with empty_record.writing() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return before(empty_record)


def put(database, keyring, *references):
    """Put people in as the release before did: the reference hashed as it was typed."""
    row = text("INSERT INTO participant (id, reference_hash, reference, preferred_name) VALUES (:i, :h, :r, :n)")
    with database.writing() as connection:
        for number, reference in enumerate(references, 1):
            encrypted, name = keyring.encrypt(reference), keyring.encrypt("Ash")
            values = {"i": number, "h": keyring.digest(PURPOSE, reference), "r": encrypted, "n": name}
            connection.execute(row, values)


def found(database, *references):
    with database.reading() as connection:
        return [repository.participant_id(connection, reference) for reference in references]


def test_people_from_before_are_found_in_any_spelling(old):
    put(old, old.keyring, "DEMO-01", "x100")
    migrate(old)
    assert found(old, "demo 01", "DEMO-01", "X100", "x-100", "x101") == [1, 1, 2, 2, None]
    with old.reading() as connection:
        key_rotation.assert_current_key(connection, old.keyring)


def test_two_that_now_count_as_one_are_refused_and_nothing_is_changed(old):
    put(old, old.keyring, "DEMO-01", "x100", "X-100")
    with pytest.raises(DatabaseError, match="/staff/participants/2 and /staff/participants/3") as told:
        migrate(old)
    assert "100" not in str(told.value)  # it goes to the log
    with old.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0007"
        kept = [
            bytes(h) for h in connection.execute(text("SELECT reference_hash FROM participant ORDER BY id")).scalars()
        ]
    assert kept == [old.keyring.digest(PURPOSE, r) for r in ("DEMO-01", "x100", "X-100")]


def test_a_row_that_cannot_be_read_stops_nobody_else(old):
    put(old, old.keyring, "DEMO-01", "DEMO-02")
    with old.writing() as connection:
        connection.execute(text("UPDATE participant SET reference = :r WHERE id = 2"), {"r": b"broken"})
    migrate(old)
    assert found(old, "demo01", "demo02") == [1, None]


def test_a_change_of_the_key_that_did_not_end_is_ended_afterwards(tmp_path):
    """The rows were written with the older key of the ring; rotating makes their hashes, folded."""
    older, newer = new_key(), new_key()
    database = open_database(f"sqlite:///{tmp_path}/old.db", f"{newer},{older}", print)
    before(database)
    put(database, Keyring([older]), "DEMO-01")
    migrate(database)
    with database.writing() as connection:
        key_rotation.rotate(connection, "test", datetime.now(UTC))
    with database.reading() as connection:
        key_rotation.assert_current_key(connection, database.keyring)
    assert found(database, "demo 01") == [1]
