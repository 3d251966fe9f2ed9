"""The record: the attendance rule, what is read of a participant, the database it is kept in."""

import json
import stat
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text

from bot.alerts.tables import alert
from bot.database.engine import DatabaseError, open_database
from bot.database.keyring import Keyring, KeyringError, new_key
from bot.database.metadata import metadata
from bot.database.migrate import FOLDER, migrate
from bot.messages import Address, InboundMessage
from bot.records.access import identities
from bot.records.attendance.attendance_rule import SessionAttendance, count, misses_left
from bot.records.enums import AttendanceKind, Outcome, ScheduleOption
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import calendar_entries
from bot.records.sessions.plan import PlanError, plan
from bot.records.sessions.programmes import numbers
from bot.records.tables import audit_entry
from bot.retention import key_rotation
from tests.support.records import RECORD, TEST_KEY, imported

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
OUTCOMES = st.one_of(st.none(), st.sampled_from(list(Outcome)))


# The rule


@given(st.lists(st.tuples(OUTCOMES, st.booleans())))
def test_every_session_is_counted_once_as_one_thing(sessions):
    counted = count(SessionAttendance(outcome, caught_up) for outcome, caught_up in sessions)
    assert counted.attended + counted.missed + counted.to_be_confirmed + counted.not_held == len(sessions)
    assert counted.caught_up <= counted.missed


@given(st.sampled_from(list(Outcome)))
def test_whatever_the_reason_an_absence_is_missed(outcome):
    counted = count([SessionAttendance(outcome)])
    expected = "attended" if outcome in ("ATTC", "AFTC") else "not_held" if outcome.startswith("RS") else "missed"
    assert outcome.kind == AttendanceKind(expected)
    assert getattr(counted, expected) == 1


@given(st.lists(st.booleans(), max_size=35), st.integers(0, 5))
def test_leaving_out_what_was_caught_up_never_leaves_fewer_to_miss(caught_up, allowed):
    counted = count(SessionAttendance(Outcome.UAAB, c) for c in caught_up)
    strict = misses_left(counted.misses_counted(caught_up_counts=True), allowed)
    lenient = misses_left(counted.misses_counted(caught_up_counts=False), allowed)
    assert 0 <= strict <= lenient <= allowed


def test_not_recorded_yet_is_neither_attended_nor_missed():
    counted = count([SessionAttendance(None), SessionAttendance(Outcome.ATTC)])
    assert (counted.attended, counted.missed, counted.to_be_confirmed) == (1, 0, 1)


# Answers, on people whose answers are known


def known():
    with (RECORD / "questions.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("question", known(), ids=lambda q: f"{q['as']} {q['q']}")
def test_known_answers(question, bot, record, loop):
    with record.reading() as connection:
        person = repository.participant_id(connection, question["as"])
    now = datetime.fromisoformat(question.get("now", "2026-11-23T09:00")).replace(tzinfo=LOCAL)
    message = InboundMessage(
        Address.parse(f"known {question['as']} {question['q']} {now}"), question["q"], acting_as=person, at=now
    )
    said = " ".join(reply.text for reply in loop.run(bot.handle(message)).replies)
    assert [part for part in question["says"] if part not in said] == [], said
    assert [part for part in question.get("not", ()) if part in said] == [], said


def exchanges():
    with (RECORD / "exchanges.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("exchange", exchanges(), ids=lambda e: f"{e['as']} {e['turns'][0][0]} / {e['turns'][1][0]}")
def test_exchanges(exchange, bot, record, loop):
    with record.reading() as connection:
        person = repository.participant_id(connection, exchange["as"])
    conversation = f"exchange {exchange}"
    for words, expected in exchange["turns"]:
        message = InboundMessage(Address.parse(conversation), words, acting_as=person, at=NOW)
        said = " ".join(reply.text for reply in loop.run(bot.handle(message)).replies)
        if expected.startswith("-"):
            assert expected[1:] not in said, words
        else:
            assert expected in said, words


def test_an_answer_is_the_same_on_either_database(empty_record):
    assert imported(empty_record, RECORD).problems.found == []
    with empty_record.reading() as connection:
        participant = repository.load_participant(connection, repository.participant_id(connection, "P04"))
    (enrolment,) = participant.enrolments
    assert enrolment.count(NOW).missed == 1
    assert enrolment.count(NOW).caught_up == 1
    assert enrolment.upcoming_sessions(NOW)[0].starts_at == datetime(2026, 11, 24, 18, 0, tzinfo=LOCAL)


# The database


def test_a_migration_keeps_what_rows_point_to(tmp_path):
    """SQLite changes a table by dropping it, which would empty what points to its rows."""
    from alembic import command
    from alembic.config import Config

    database = open_database(f"sqlite:///{tmp_path}/old.db", TEST_KEY, print)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for row in (
            "INSERT INTO inbox VALUES (7, 'kannel', 'x', x'00', x'00', NULL, '2026-11-24', 'done', 1, '2026-11-24')",
            "INSERT INTO outbox VALUES (1, 7, 'kannel', x'00', x'00', NULL, '2026-11-24', 'sent', 1, '2026-11-24', NULL, '')",
        ):
            connection.exec_driver_sql(row)
    migrate(database)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT inbox_id FROM outbox").scalar() == 7
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_migrations_make_the_tables_that_the_code_expects(empty_record):
    with empty_record.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert migrate(empty_record) is False


def test_a_stolen_file_shows_no_name_reference_or_number(empty_record):
    imported(empty_record, RECORD)
    now = datetime.now(UTC)
    with empty_record.writing() as connection:
        person = repository.participant_id(connection, "P00")
        code = identities.issue_code(connection, person, "test", now).replace("-", "")
        identities.link(connection, Address.parse("sms:+447700900111"), code, now)
        identities.keep_question(connection, Address.parse("sms:+447700900111"), "canary question")
        rows = [
            str(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row))
            for table in metadata.tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
        ]
    everything = "\n".join(rows)
    assert "Room 2" in everything  # so it was read
    for secret in ("Ada", "'P00'", "7700900111", "canary", code):
        assert secret not in everything


def test_another_key_reads_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/record.db"
    first = open_database(url, new_key(), print)
    migrate(first)
    imported(first, RECORD)
    other = open_database(url, new_key(), print)
    with other.reading() as connection, pytest.raises(KeyringError):
        list(repository.references(connection))


def test_an_old_key_still_reads_while_a_new_one_writes():
    old, new = new_key(), new_key()
    token = Keyring([old]).encrypt("text")
    assert Keyring([new, old]).decrypt(token) == "text"
    assert Keyring([new, old]).digest("a", "text") != Keyring([new]).digest("b", "text")


def test_req_39_everything_can_be_written_anew_with_another_key(empty_record):
    imported(empty_record, RECORD)
    now = datetime.now(UTC)
    with empty_record.writing() as connection:
        person = repository.participant_id(connection, "P00")
        code = identities.issue_code(connection, person, "test", now).replace("-", "")
        identities.link(connection, Address.parse("sms:1"), code, now)
    new = new_key()
    dialect = empty_record.engine.dialect
    dialect.keyring = Keyring([new, TEST_KEY])
    with empty_record.writing() as connection:
        assert key_rotation.rotate(connection, "test", now) > 10
    dialect.keyring = Keyring([new])
    with empty_record.reading() as connection:
        assert repository.participant_id(connection, "P00") == person
        assert identities.find_caller(connection, Address.parse("sms:1"), now).participant_id == person
        assert ("P00", "Ada Invented", ["Evening A"]) in list(repository.references(connection))


def test_a_record_is_opened_again_with_the_key_that_it_was_written_with(empty_record):
    imported(empty_record, RECORD)
    with empty_record.reading() as connection:
        key_rotation.assert_current_key(connection, Keyring([TEST_KEY]))
        assert key_rotation.is_complete(connection, Keyring([TEST_KEY]))
        assert not key_rotation.is_complete(connection, Keyring([new_key(), TEST_KEY]))


def test_the_key_file_is_its_owners_alone_and_its_loss_is_said(tmp_path):
    url, told = f"sqlite:///{tmp_path}/record.db", []
    migrate(open_database(url, "", told.append))
    key = tmp_path / "record.db.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(told) == 1
    key.chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 600"):
        open_database(url, "", told.append)
    key.unlink()
    with pytest.raises(KeyringError, match="missing"):
        open_database(url, "", told.append)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://x/y", "expected sqlite"),
        ("nonsense", "expected sqlite"),
        ("sqlite:////no/such/folder/x.db", "does not exist"),
        ("postgresql://someone:secret@127.0.0.1:1/x", "LEAFLINE_DATABASE_KEY"),
    ],
)
def test_a_database_that_cannot_be_opened_is_said_plainly(url, expected):
    with pytest.raises((DatabaseError, KeyringError), match=expected) as caught:
        open_database(url, "", print)
    assert "secret" not in str(caught.value)


def test_an_unreachable_database_is_no_traceback():
    unreachable = open_database("postgresql://someone:secret@127.0.0.1:1/x", new_key(), print)
    with pytest.raises(DatabaseError) as caught:
        migrate(unreachable)
    assert "secret" not in str(caught.value)


def test_two_writers_wait_for_each_other(empty_record):
    def note(number):
        for _ in range(20):
            with empty_record.writing() as connection:
                seen = connection.execute(select(func.count()).select_from(audit_entry)).scalar()
                from bot.records import audit

                audit.note(connection, datetime.now(UTC), "test", f"{number}", detail=str(seen))

    threads = [threading.Thread(target=note, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with empty_record.reading() as connection:
        assert connection.execute(select(func.count()).select_from(audit_entry)).scalar() == 60


def test_removing_a_person_leaves_no_row_of_them(empty_record):
    imported(empty_record, RECORD)
    now = datetime.now(UTC)
    pointing = [
        (table, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in ("participant_id", "enrolment_id")
    ]
    with empty_record.writing() as connection:
        person = repository.participant_id(connection, "P13")
        participant = repository.load_participant(connection, person)
        code = identities.issue_code(connection, person, "test", now).replace("-", "")
        identities.link(connection, Address.parse("telegram:1"), code, now)
        identities.choose_pin(connection, Address.parse("telegram:1"), "580417", now, timedelta(minutes=15))
        code = identities.issue_code(connection, person, "test", now).replace("-", "")
        identities.link(connection, Address.parse("telegram:2"), code, now)
        identities.unlink(connection, Address.parse("telegram:2"), now)
        identities.issue_code(connection, person, "test", now)
        enrolment = participant.enrolments[0]
        repository.report_absence(connection, enrolment.id, enrolment.sessions[20].id, "ill", now)
        tomorrow = (now + timedelta(days=1), now + timedelta(days=1, hours=2))
        calendar_entries.give_out(
            connection, person, [calendar_entries.CalendarEntry("session 1", *tomorrow, "Room")], now
        )
        values = {"topic": "crisis", "channel": "sms", "address": "+447700900111", "participant_id": person}
        connection.execute(insert(alert).values(raised_at=now, **values))
        before = {table.name: _rows(connection, table, column, person, enrolment.id) for table, column in pointing}
        repository.remove(connection, person, "test", now)
        after = {table.name: _rows(connection, table, column, person, enrolment.id) for table, column in pointing}
    assert all(before.values()), before
    assert not any(after.values()), after


def _rows(connection, table, column, person, enrolment):
    wanted = person if column == "participant_id" else enrolment
    return connection.execute(select(func.count()).select_from(table).where(table.c[column] == wanted)).scalar()


# Planning


def test_a_plan_has_all_sessions_and_skips_bank_holidays():
    sessions = list(plan(numbers("isotp"), ScheduleOption.EVENING, date(2026, 3, 30), [0]))
    assert [s.number for s in sessions] == list(range(1, 36))
    days = [s.starts_at.date() for s in sessions]
    assert date(2026, 4, 6) not in days  # Easter Monday
    assert date(2026, 5, 4) not in days  # early May bank holiday
    assert {d.weekday() for d in days} == {0}
    assert {(s.starts_at.hour, s.ends_at.hour) for s in sessions} == {(18, 20)}


def test_a_plan_outside_the_options_hours_is_refused():
    with pytest.raises(PlanError, match="expected 10:00 to 15:00"):
        list(plan(numbers("isotp"), ScheduleOption.DAY, date(2026, 11, 30), [0], datetime(2026, 1, 1, 14, 0).time()))


def test_postgresql_gets_no_key_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyringError, match="new-key"):
        open_database("postgresql://x@127.0.0.1/y", "", print)
    assert list(tmp_path.iterdir()) == []
