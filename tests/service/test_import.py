"""Getting data in: all of it, again without a second copy, or, where anything is wrong, nothing and every reason."""

import csv
import shutil
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.database.engine import open_database
from bot.database.keyring import new_key
from bot.database.migrate import migrate
from bot.records.attendance.tables import attendance
from bot.records.enums import Outcome
from bot.records.importing import cells
from bot.records.importing.cells import CellError
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.participants.references import folded
from bot.records.participants.tables import participant
from bot.records.sessions.tables import session
from tests.support.importing import counts, replace
from tests.support.records import RECORD, imported

FAR = datetime.now(LOCAL).year + 9
"""A year that is still to come, and not further away than dates may be."""


@pytest.fixture
def folder(tmp_path):
    """A copy of the test's people, to be spoilt."""
    return shutil.copytree(RECORD, tmp_path / "folder")


def told(record, folder):
    before = counts(record)
    found = [str(problem) for problem in imported(record, folder).problems.found]
    assert counts(record) == before, "something was written in spite of a problem"
    return found


def test_importing_again_adds_nothing_and_takes_what_changed(empty_record, folder):
    assert imported(empty_record, folder).problems.found == []
    first = counts(empty_record)
    replace(folder, "attendance.csv", "P01,9,AAME", "P01,9,ATTC")
    replace(
        folder,
        "sessions.csv",
        "Evening A,13,Block 2,2026-11-24T18:00,2026-11-24T20:00",
        "Evening A,13,Block 2,2026-11-25T18:00,2026-11-25T20:00",
    )
    replace(folder, "participants.csv", "P02,Evening A,Cal Invented,active", "P02,Evening A,Cal Invented,suspended")
    assert imported(empty_record, folder).problems.found == []
    assert counts(empty_record) == first
    with empty_record.reading() as connection:
        changed = repository.load_participant(connection, repository.participant_id(connection, "P01")).enrolments[0]
        assert changed.sessions[8].outcome is Outcome.ATTC
        assert changed.sessions[12].starts_at == datetime(2026, 11, 25, 18, 0, tzinfo=LOCAL)
        other = repository.load_participant(connection, repository.participant_id(connection, "P02")).enrolments[0]
        assert other.status == "suspended"


def test_an_empty_outcome_makes_a_session_to_be_confirmed_again(empty_record, folder):
    imported(empty_record, folder)
    replace(folder, "attendance.csv", "P01,9,AAME", "P01,9,")
    assert imported(empty_record, folder).problems.found == []
    with empty_record.reading() as connection:
        changed = repository.load_participant(connection, repository.participant_id(connection, "P01")).enrolments[0]
    assert changed.sessions[8].outcome is None


def test_what_was_moved_is_not_there_twice(empty_record, folder):
    imported(empty_record, folder)
    replace(
        folder, "catch_ups.csv", "P13,9,2026-12-03T10:00,2026-12-03T12:00", "P13,9,2026-12-10T10:00,2026-12-10T12:00"
    )
    replace(
        folder,
        "appointments.csv",
        "P00,final_review,2027-05-11T11:00,2027-05-11T12:00",
        f"P00,final_review,{FAR}-05-12T11:00,{FAR}-05-12T12:00",
    )
    replace(folder, "appointments.csv", "P00,offender_manager,2026-11-26", f"P00,offender_manager,{FAR}-11-26")
    text = (folder / "appointments.csv").read_text("utf-8").replace("2026-11-26T15:15", f"{FAR}-11-26T15:15")
    (folder / "appointments.csv").write_text(text, "utf-8")
    assert imported(empty_record, folder).problems.found == []
    first = counts(empty_record)
    replace(folder, "appointments.csv", f"{FAR}-05-12T11:00,{FAR}-05-12T12:00", f"{FAR}-05-13T11:00,{FAR}-05-13T12:00")
    assert imported(empty_record, folder).problems.found == []
    assert counts(empty_record) == first


def test_files_may_come_one_at_a_time(empty_record, folder, tmp_path):
    for number, file in enumerate(("groups", "sessions", "participants", "attendance", "catch_ups", "appointments")):
        part = tmp_path / f"part{number}"
        part.mkdir()
        shutil.copy(folder / f"{file}.csv", part)
        assert imported(empty_record, part).problems.found == []


BAD = [
    ("attendance.csv", "P01,9,AAME", "P01,9,SICK", "outcome is 'SICK': expected one of ATTC"),
    ("attendance.csv", "P01,9,AAME", "P99,9,AAME", "reference is 'P99': expected one of participants.csv"),
    ("attendance.csv", "P01,9,AAME", "P01,8,AAME", "stands here a second time"),
    ("attendance.csv", "P01,9,AAME", "P01,36,AAME", "number is '36': expected a whole number from 1 to 35"),
    ("attendance.csv", "P11,1,ATTC,Evening A", "P11,1,ATTC,", "group is empty: expected one, since 'P11' is in 2 groups"),
    ("attendance.csv", "P01,9,AAME,Evening A", "P01,9,AAME,Day B", "'P01' is not in group 'Day B'"),
    ("attendance.csv", "reference,number", "ref,number", "no column reference: expected the columns reference, number"),
    ("sessions.csv", "2026-09-08T18:00", "2026-09-31T18:00", "starts_at is '2026-09-31T18:00': expected local time"),
    ("sessions.csv", "2026-09-08T18:00", "8 September", "expected local time like 2026-11-23T18:00"),
    ("sessions.csv", "2026-09-08T18:00", "2026-09-08T21:00", "expected a time after starts_at"),
    ("sessions.csv", "2026-09-08T18:00,2026-09-08T20:00", "2026-03-29T01:30,2026-03-29T03:30", "the clocks go forward"),
    ("sessions.csv", "2026-09-08T18:00,2026-09-08T20:00", "2026-09-15T19:00,2026-09-15T21:00", "overlaps another"),
    ("sessions.csv", "Evening A,2,", "Evening A,1,", "stands here a second time: the first is in line 2"),
    ("sessions.csv", "Evening A,2,", "Evening Z,2,", "group is 'Evening Z': expected one of groups.csv"),
    ("sessions.csv", "Evening A,2,Block 1", "Evening A,2,", "block is empty"),
    ("groups.csv", "Evening A,evening", "Evening A,night", "option is 'night': expected one of day, evening"),
    ("groups.csv", "Day B,", "Evening A,", "stands here a second time"),
    ("participants.csv", "P02,Evening A,Cal Invented,active", "P02,Evening A,Cal Invented,gone", "status is 'gone'"),
    ("participants.csv", "P02,Evening A,Cal", "P01,Evening A,Ben", "stands here a second time"),
    ("participants.csv", "active,2026-12-01,", "active,2026-12-01,2026-11-01", "expected a date not before from"),
    ("participants.csv", "P02,Evening A,Cal Invented", "P02,Evening A", "cells: expected 6, as in the header"),
    ("catch_ups.csv", "2026-11-05T10:00", "11/25/2026 10:00", "expected local time like"),
    ("appointments.csv", "P00,offender_manager", "P00,dentist", "kind is 'dentist': expected one of pre_questionnaires"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "expected"), BAD, ids=[bad[3][:40] for bad in BAD])
def test_a_bad_row_is_told_by_file_and_line(tmp_path, folder, file, old, new, expected):
    record = open_database(f"sqlite:///{tmp_path}/record.db", new_key(), print)
    migrate(record)
    lines = (folder / file).read_text("utf-8").splitlines()
    at = 1 + next(number for number, line in enumerate(lines) if old in line)
    replace(folder, file, old, new)
    found = told(record, folder)
    assert any(line.startswith(f"{file}, line ") and expected in line for line in found), found
    if "overlaps" not in expected and "a second time" not in expected:
        assert any(line.startswith(f"{file}, line {at}: ") for line in found), found


def test_all_problems_are_told_at_once_and_none_twice(empty_record, folder):
    replace(folder, "groups.csv", "Evening A,evening", "Evening A,night")
    replace(folder, "sessions.csv", "Day B,1,Block 1,2026-10-05T10:00", "Day B,1,Block 1,tomorrow")
    replace(folder, "participants.csv", "P09,New D,Jay Invented,active", "P09,New D,Jay Invented,lost")
    replace(folder, "appointments.csv", "final_review", "party")
    found = told(empty_record, folder)
    assert [line.split(":")[0] for line in found] == [
        "groups.csv, line 2",
        "sessions.csv, line 37",
        "participants.csv, line 11",
        "appointments.csv, line 3",
    ]


def test_another_encoding_is_told(empty_record, folder):
    content = (folder / "participants.csv").read_text("utf-8").replace("Ada Invented", "Adé Invented")
    (folder / "participants.csv").write_bytes(content.encode("latin-1"))
    assert told(empty_record, folder)[0].startswith("participants.csv, line 2: not UTF-8")


@pytest.mark.parametrize("content", ['a,"b\n', "\0\0\0", "", "reference\n", "\n\n"])
def test_what_is_no_table_is_told(empty_record, folder, content):
    (folder / "attendance.csv").write_text(content, "utf-8")
    assert any("attendance.csv" in line for line in told(empty_record, folder))


def test_a_misnamed_file_and_an_empty_folder_are_told(empty_record, folder, tmp_path):
    (folder / "attendance.csv").rename(folder / "attendence.csv")
    assert "attendence.csv" in told(empty_record, folder)[0]
    (tmp_path / "nothing").mkdir()
    assert "none of groups.csv" in told(empty_record, tmp_path / "nothing")[0]


def test_a_file_with_a_byte_order_mark_and_other_line_ends_is_read(empty_record, folder):
    content = (folder / "groups.csv").read_text("utf-8").replace("\n", "\r\n")
    (folder / "groups.csv").write_text(content, "utf-8-sig")
    assert imported(empty_record, folder).problems.found == []


# Whatever goes in comes out again

CHARACTERS = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Cs", "Zs"))
PEOPLE = st.lists(
    st.tuples(
        st.text(CHARACTERS, min_size=1, max_size=12).filter(folded),
        st.lists(st.one_of(st.none(), st.sampled_from(list(Outcome))), min_size=5, max_size=5),
    ),
    max_size=8,
    unique_by=lambda person: folded(person[0]),
).map(dict)


@given(PEOPLE)
@settings(max_examples=25, deadline=None)
def test_every_outcome_comes_back_as_it_went_in(tmp_path_factory, people):
    folder = tmp_path_factory.mktemp("people")
    write(folder, "groups.csv", [["group", "option", "venue"], ["G", "day", "V"]])
    times = [[f"2026-10-{day:02d}T10:00", f"2026-10-{day:02d}T12:00"] for day in range(1, 6)]
    sessions = [["G", n, "B", *at, "", ""] for n, at in enumerate(times, 1)]
    write(folder, "sessions.csv", [["group", "number", "block", "starts_at", "ends_at", "venue", "title"], *sessions])
    write(folder, "participants.csv", [["reference", "group", "preferred_name"], *([r, "G", "N"] for r in people)])
    rows = [[r, n, o or ""] for r, outcomes in people.items() for n, o in enumerate(outcomes, 1)]
    write(folder, "attendance.csv", [["reference", "number", "outcome"], *rows])
    record = open_database(f"sqlite:///{folder}/record.db", new_key(), print)
    migrate(record)
    for _ in range(2):
        assert imported(record, folder).problems.found == []
        with record.reading() as connection:
            assert connection.execute(select(func.count()).select_from(participant)).scalar() == len(people)
            assert connection.execute(select(func.count()).select_from(session)).scalar() == 5
            recorded = sum(o is not None for outcomes in people.values() for o in outcomes)
            assert connection.execute(select(func.count()).select_from(attendance)).scalar() == recorded
            for reference, outcomes in people.items():
                loaded = repository.load_participant(connection, repository.participant_id(connection, reference))
                assert [s.outcome for s in loaded.enrolments[0].sessions] == outcomes
    record.engine.dispose()


def write(folder, name, rows):
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_a_local_time_comes_back_as_it_was_or_is_refused(local):
    local = local.replace(second=0, microsecond=0)
    try:
        instant = cells.moment(local.isoformat(), "starts_at")
    except CellError:
        assert local.month == 3
        assert local.hour == 1  # the hour that the clock change skips
        assert local.date() == last_sunday(local.year, 3)
    else:
        assert instant.astimezone(LOCAL).replace(tzinfo=None) == local


def last_sunday(year, month):
    return max(date(year, month, day) for day in range(25, 32) if date(year, month, day).weekday() == 6)
