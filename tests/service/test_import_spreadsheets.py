"""Files as Excel, LibreOffice and Numbers save them, and folders as people leave them: read, or told in helpful words."""

import re
import shutil

import pytest
from sqlalchemy import select

from bot.database.engine import open_database
from bot.database.keyring import new_key
from bot.database.migrate import migrate
from bot.records.importing import cells
from bot.records.importing.cells import CellError, YearError
from bot.records.participants.participant_record import LOCAL
from bot.records.participants.tables import participant
from bot.records.sessions.tables import programme_group, session
from tests.support.importing import AS_SAVED, as_in_excel, counts, replace, saved_as, written
from tests.support.records import RECORD, imported


@pytest.fixture
def record(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path}/record.db", new_key(), print)
    migrate(opened)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def folder(tmp_path):
    """A copy of the test's people, to be saved anew in other ways."""
    return shutil.copytree(RECORD, tmp_path / "folder", ignore=shutil.ignore_patterns("*.jsonl"))


def problems(record, folder):
    before = counts(record)
    done = imported(record, folder)
    assert counts(record) == before or not done.problems.count
    return [str(problem) for problem in done.problems.found]


def notes(record, folder):
    done = imported(record, folder)
    assert done.problems.found == []
    return [str(note) for note in done.notes.found]


@pytest.mark.parametrize("change", AS_SAVED.values(), ids=AS_SAVED)
def test_what_spreadsheets_save_is_read(record, folder, change):
    expected = None
    for name in ("groups.csv", "sessions.csv", "participants.csv", "attendance.csv"):
        saved_as(folder, name, change)
    assert problems(record, folder) == []
    found = counts(record)
    expected = {"programme_group": 4, "session": 90, "attendance": 180}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (AS_SAVED["another country"], "it has semicolons between its columns, not commas"),
        (AS_SAVED["tabs"], "it has tabs between its columns"),
        (AS_SAVED["Unicode Text"], "it is saved as Unicode text (UTF-16)"),
    ],
)
def test_how_a_file_was_read_is_told(record, folder, change, told):
    saved_as(folder, "groups.csv", change)
    assert any(told in note and note.startswith("groups.csv: ") for note in notes(record, folder))


def test_days_as_excel_saves_them_are_read_with_the_day_first_and_told(record, folder):
    first = notes(record, folder)
    with record.reading() as connection:
        before = connection.execute(select(session.c.starts_at, session.c.ends_at).order_by(session.c.id)).all()

    def change(rows):
        return written([rows[0], *([*r[:3], as_in_excel(r[3]), as_in_excel(r[4]), *r[5:]] for r in rows[1:])]).encode()

    saved_as(folder, "sessions.csv", change)
    new = [note for note in notes(record, folder) if note not in first]
    assert new == [
        "sessions.csv, line 2: starts_at is '01/09/2026 18:00', read with the day first: 1 September 2026. So is every date like it"
    ]
    with record.reading() as connection:
        assert connection.execute(select(session.c.starts_at, session.c.ends_at).order_by(session.c.id)).all() == before


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-01T18:00", "2026-12-01 18:00", "2026-12-01 18:00:00", "2026-12-01T18:00:00.000", "01/12/2026 18:00", "1/12/2026 18:00",
        "01/12/2026 18:00:00", "01/12/2026, 18:00", "01.12.2026 18:00", "01-12-2026 18:00", "2026/12/01 18:00", "1 Dec 2026 at 18:00",
        "Tue 1 December 2026 18:00", "01-Dec-2026 18:00", "01/12/2026 6:00 PM", "01/12/2026 6pm", "01/12/2026 18.00", "2026-12-1 18:00",
    ],
)  # fmt: skip
def test_a_moment_is_read_as_people_and_spreadsheets_write_it(cell):
    assert cells.moment(cell, "starts_at").astimezone(LOCAL).isoformat() == "2026-12-01T18:00:00+00:00"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("12/25/2026 18:00", "the day before the month"),
        ("01/12/26 18:00", "a year of four digits"),
        ("1-Dec-26", "a year of four digits"),
        ("46357.75", "how Excel counts days"),
        ("########", "where a column is too narrow"),
        ("2026-W49-2T18:00", "expected local time like 2026-11-23T18:00"),
        ("20261201T1800", "expected local time"),
        ("2026-12-01", "expected local time"),
        ("2026-12-01T18:00Z", "expected local time"),
        ("2026-12-01T18:00+01:00", "expected local time"),
        ("2026-12-01T25:00", "expected local time"),
        ("", "expected local time"),
    ],
)
def test_a_moment_that_could_mean_something_else_is_refused(cell, told):
    with pytest.raises(CellError) as raised:
        cells.moment(cell, "starts_at")
    assert told in str(raised.value)


@pytest.mark.parametrize("year", ["0026", "1026", "1999", "2206", "2062", "9999"])
@pytest.mark.parametrize("form", ["{}-03-12", "12/03/{}"])
def test_a_year_that_nobody_means_is_refused(year, form):
    day = form.format(year)
    for read in (lambda: cells.day(day, "from"), lambda: cells.moment(f"{day} 18:00", "now")):
        with pytest.raises(YearError, match="expected a year from 2000 to 20"):
            read()


@pytest.mark.parametrize(("cell", "value"), [("1", 1), ("1.0", 1), ("12.", 12), ("3,0", 3), ("01", 1)])
def test_a_number_is_read_as_spreadsheets_write_it(cell, value):
    assert cells.number(cell, "number", 35) == value


@pytest.mark.parametrize("cell", ["1.5", "0", "36", "-1", "1e1", "٣", "", "1,000"])
def test_what_is_no_such_number_is_refused(cell):
    with pytest.raises(CellError, match="expected a whole number from 1 to 35"):
        cells.number(cell, "number", 35)


# Folders


NOT_READ = {
    "attendance.csv.txt": "If it is attendance.csv, rename it to that. Windows hides ends of names",
    "attendance (1).csv": "If it is attendance.csv, rename it to that",
    "Copy of attendance.csv": "If it is attendance.csv, rename it to that",
    "attendance - Copy.csv": "If it is attendance.csv, rename it to that",
    "attendence.csv": "If it is attendance.csv, rename it to that",
    "catch-ups.csv": "If it is catch_ups.csv, rename it to that",
    "attendance.xlsx": "a spreadsheet, which is not read. Open it in Excel",
    "attendance.ods": "a spreadsheet, which is not read",
    "Attendance.numbers": "a spreadsheet, which is not read",
    "attendance": "If it is attendance.csv",
    "attendance.txt": "If it is attendance.csv",
    "attendance.tsv": "If it is attendance.csv",
    "everything.zip": "a packed file, which is not read",
    "Attendance-Table 1.csv": "If it is attendance.csv",
    "evening attendance november.csv": "If it is attendance.csv",
    "budget.csv": "Rename it if it is one of them, or move it away",
}


@pytest.mark.parametrize(("name", "told"), NOT_READ.items(), ids=NOT_READ)
def test_what_may_be_meant_to_be_read_and_is_not_stops_the_import(record, folder, name, told):
    (folder / "attendance.csv").rename(folder / name)
    found = problems(record, folder)
    assert [line for line in found if line.startswith(name)], found
    assert told in found[0]


@pytest.mark.parametrize(
    "name", ["notes.txt", ".DS_Store", "Thumbs.db", "desktop.ini", "~$attendance.xlsx", "picture.png"]
)
def test_what_else_is_in_the_folder_is_told_and_stops_nothing(record, folder, name):
    (folder / name).write_text("x", "utf-8")
    assert any(note.startswith(f"{name}: ") and "not read" in note for note in notes(record, folder))


def test_folders_in_the_folder_are_told(record, folder):
    (folder / "pictures").mkdir()
    assert any(note.startswith("pictures: a folder") for note in notes(record, folder))
    (folder / "old").mkdir()
    shutil.copy(folder / "attendance.csv", folder / "old")
    assert problems(record, folder) == [
        "old: a folder, and what is in it is not read: move it away, or its files beside the others"
    ]


@pytest.mark.parametrize("name", ["attendance.CSV", "Attendance.csv", "ATTENDANCE.CSV", "attendance.csv "])
def test_names_are_read_in_any_case(record, folder, name):
    (folder / "attendance.csv").rename(folder / name)
    assert problems(record, folder) == []
    assert counts(record)["attendance"] == 180


def test_a_file_that_is_there_twice_is_told(record, folder):
    shutil.copy(folder / "attendance.csv", folder / "Attendance.CSV")
    assert "attendance.csv is there twice" in problems(record, folder)[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 and so on", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"<html><table>", "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"reference;number\n1;2\n", "no column outcome: expected the columns reference, number, outcome"),
        (b"a;b;c\n", "Its first row is 'a;b;c'"),
        (b"reference,number,outcome,Notes\n", "column 'notes' is not known"),
    ],
)
def test_another_kind_of_file_is_told_in_words(record, folder, content, told):
    (folder / "attendance.csv").write_bytes(content)
    found = problems(record, folder)
    assert len(found) == 1
    assert told in found[0]


# Rows


@pytest.mark.parametrize("at", [2, 60, 120, 181])
@pytest.mark.parametrize("rest", ["", '\nP00,20,"ATTC",Evening A\n'])
def test_a_forgotten_quotation_mark_is_told_by_the_line_where_it_is(record, folder, at, rest):
    lines = (folder / "attendance.csv").read_text("utf-8").splitlines()
    lines[at - 1] = lines[at - 1].replace(",", ',"', 1)
    (folder / "attendance.csv").write_text("\n".join(lines) + "\n" + rest, "utf-8")
    found = problems(record, folder)
    assert [line.partition(":")[0] for line in found] == [f"attendance.csv, line {at}"]
    assert "a quotation begins in this line" in found[0]


def test_rows_that_a_pair_of_stray_marks_swallowed_are_missed(record, folder):
    lines = (folder / "sessions.csv").read_text("utf-8").splitlines()
    lines[4] += '"Opening'
    lines[7] += 'end"'
    (folder / "sessions.csv").write_text("\n".join(lines) + "\n", "utf-8")
    found = problems(record, folder)
    assert found[0].startswith("sessions.csv, line 5: one of its cells goes on over the next lines")


def test_a_row_with_a_line_break_is_told_by_its_first_line(record, folder):
    replace(folder, "sessions.csv", "Evening A,2,Block 1,2026-09-08T18:00", '"Evening\nZ",2,Block 1,2026-09-08T18:00')
    assert problems(record, folder)[0].startswith("sessions.csv, line 3: group is 'Evening Z'")


def test_a_line_break_in_a_venue_is_a_space(record, folder):
    replace(folder, "groups.csv", '"Room 2, Example House"', '"Room 2,\r\nExample House"')
    assert problems(record, folder) == []
    with record.reading() as connection:
        venue = select(programme_group.c.venue).where(programme_group.c.name == "Evening A")
        assert connection.execute(venue).scalar() == "Room 2, Example House"


@pytest.mark.parametrize(
    "name", ["Ada\u200b Invented", "Ada\u00a0Invented", " Ada  Invented ", "\u202eAda Invented", "A\u00adda Invented\ufeff", "Ada\tInvented"]
)  # fmt: skip
def test_what_cannot_be_seen_is_no_part_of_a_name(record, folder, name):
    replace(folder, "participants.csv", "Ada Invented", name)
    assert problems(record, folder) == []
    with record.reading() as connection:
        names = connection.execute(select(participant.c.preferred_name)).scalars().all()
    assert names.count("Ada Invented") == 1


def test_composed_and_decomposed_letters_are_the_same_group(record, folder):
    for name, text in (("groups.csv", "Café"), ("sessions.csv", "Cafe\u0301"), ("participants.csv", "CAFÉ")):
        content = (folder / name).read_text("utf-8").replace("New D", text)
        (folder / name).write_text(content, "utf-8")
    assert problems(record, folder) == []


@pytest.mark.parametrize("name", ["\u200b", "\u00a0", "\u2800", "\u3164", "\u202e\u202c", "\ufe0f"])
def test_a_name_of_nothing_is_empty(record, folder, name):
    replace(folder, "participants.csv", "Ada Invented", name)
    assert problems(record, folder)[0] == "participants.csv, line 2: preferred_name is empty"


@pytest.mark.parametrize(
    "name",
    [
        "evening a",
        "EVENING A",
        "Evening\u00a0A",
        "Evening  A",
        "\N{FULLWIDTH LATIN CAPITAL LETTER E}vening A",
        "Evening\u200b A",
    ],
)
def test_groups_are_compared_without_case(record, folder, name):
    replace(folder, "attendance.csv", "P01,9,AAME,Evening A", f"P01,9,AAME,{name}")
    replace(folder, "sessions.csv", "Evening A,2,", f"{name},2,")
    assert problems(record, folder) == []
    with (folder / "groups.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{name},evening,Elsewhere,\n")
    assert "stands here a second time: the first is in line 2" in problems(record, folder)[0]


def test_a_group_of_the_record_is_known_in_another_case(record, folder):
    assert problems(record, folder) == []
    before = counts(record)
    content = (folder / "groups.csv").read_text("utf-8").replace("Evening A", "EVENING A")
    (folder / "groups.csv").write_text(content, "utf-8")
    assert (
        "groups.csv, line 2: group 'EVENING A' is in the record as 'Evening A', and is taken for that group"
        in notes(record, folder)
    )
    assert counts(record)["programme_group"] == before["programme_group"]


@pytest.mark.parametrize("reference", ["p01", "P-01", "P 01", "P–01", "P01."])
def test_one_reference_in_two_spellings_is_refused_for_people_and_known_for_the_rest(record, folder, reference):
    assert problems(record, folder) == []
    replace(folder, "attendance.csv", "P01,9,AAME", f"{reference},9,AAME")
    assert problems(record, folder) == []
    content = (folder / "participants.csv").read_text("utf-8")
    other = f"{reference},Day B,Ben Invented,active,,\n"
    (folder / "participants.csv").write_text(content + other, "utf-8")
    assert "'P01' stands above, and case, spaces and dashes make no difference" in problems(record, folder)[0]
    (folder / "participants.csv").write_text(content.splitlines()[0] + "\n" + other, "utf-8")
    assert "'P01' stands in the record" in problems(record, folder)[0]


@pytest.mark.parametrize(
    ("reference", "told"), [("--", "expected one with letters or digits"), ("1.2E+05", "Excel has shortened a number")]
)
def test_what_is_no_reference_is_refused(record, folder, reference, told):
    replace(folder, "participants.csv", "P02,", f"{reference},")
    assert told in problems(record, folder)[0]


def test_a_file_without_rows_is_told(record, folder):
    (folder / "attendance.csv").write_text("reference,number,outcome\n", "utf-8")
    assert "attendance.csv: it has no rows below its header" in notes(record, folder)


def test_what_a_row_of_the_wrong_form_would_have_brought_is_not_told_again(record, folder):
    content = (folder / "participants.csv").read_text("utf-8").replace("Ada Invented", "Adé Invented")
    (folder / "participants.csv").write_bytes(content.encode("cp1252"))
    found = problems(record, folder)
    assert len(found) == 1
    assert found[0].startswith("participants.csv, line 2: not UTF-8")
    assert "“CSV UTF-8 (Comma delimited)”" in found[0]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("P00;1;ATTC;Evening A", "1 cell: expected 4, as in the header. It has semicolons between its cells"),
        ("P00,1,ATTC,Evening A,and more", "5 cells: expected 4, as in the header. A text with a comma in it"),
        ("P00,1", "2 cells: expected 4, as in the header"),
    ],
)
def test_a_row_that_is_longer_or_shorter_than_the_header_is_told(record, folder, row, told):
    replace(folder, "attendance.csv", "P00,1,ATTC,Evening A", row)
    (found,) = problems(record, folder)
    assert found.startswith(f"attendance.csv, line 2: {told}")


def test_what_stands_below_no_heading_is_told(record, folder):
    lines = (folder / "attendance.csv").read_text("utf-8").splitlines()
    content = "\n".join([f"{lines[0]},,", f"{lines[1]},,late", *(f"{line},," for line in lines[2:])])
    (folder / "attendance.csv").write_text(content, "utf-8")
    assert problems(record, folder)[0].startswith("attendance.csv, line 2: 'late' stands below no heading")


# What is possible, but hardly meant


def test_an_evening_group_in_the_morning_is_told(record, folder):
    replace(folder, "sessions.csv", "2026-09-08T18:00,2026-09-08T20:00", "2026-09-08T06:00,2026-09-08T08:00")
    told = notes(record, folder)
    assert any("session 2 of group 'Evening A' is from 06:00 to 08:00" in note for note in told)


def test_a_day_of_24_hours_is_refused(record, folder):
    replace(folder, "sessions.csv", "2026-09-08T18:00,2026-09-08T20:00", "2026-09-08T18:00,2026-09-09T18:00")
    assert "expected one within 12 hours" in problems(record, folder)[0]


def test_another_year_than_the_sessions_around_it_is_told(record, folder):
    replace(folder, "sessions.csv", "2026-09-08T18:00,2026-09-08T20:00", "2016-09-08T18:00,2016-09-08T20:00")
    assert any("session 2 of group 'Evening A' is before session 1" in note for note in notes(record, folder))


@pytest.mark.parametrize(("outcome", "is_refused"), [("UAAB", True), ("ATTC", True), ("AAHO", False), ("", False)])
def test_what_came_of_a_session_to_come_cannot_be_known(record, folder, outcome, is_refused):
    replace(folder, "sessions.csv", "2027-04-27T18:00,2027-04-27T20:00", "2035-04-27T18:00,2035-04-27T20:00")
    with (folder / "attendance.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"P02,35,{outcome},Evening A\n")
    found = problems(record, folder)
    assert bool(found) == is_refused
    assert all("still to come" in line for line in found)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("P03,13,2026-11-01T10:00,2026-11-01T12:00,,,Evening A", "is before the session that it is for"),
        ("P00,1,2026-12-03T10:00,2026-12-03T12:00,,,Evening A", "recorded as attended"),
    ],
)
def test_a_catch_up_that_is_hardly_meant_is_told(record, folder, row, told):
    assert not [note for note in notes(record, folder) if note.startswith("catch_ups.csv")]
    with (folder / "catch_ups.csv").open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    assert any(told in note for note in notes(record, folder))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("groups.csv", "New D", "iSOTP Sexual Offending A"),
        ("groups.csv", "Room 4, Future Road", "Sexual Offender Treatment Unit"),
        ("catch_ups.csv", "Quiet room", "i-SOTP room"),
        ("appointments.csv", "P13,offender_manager,2026-12-02T10:00,2026-12-02T11:00,Example office", "P13,offender_manager,2026-12-02T10:00,2026-12-02T11:00,S.O.T.P. office"),
    ],
)  # fmt: skip
def test_names_that_tell_what_a_text_message_is_about_are_refused(record, folder, file, old, new):
    replace(folder, file, old, new)
    found = problems(record, folder)
    assert any(line.startswith(file) and "tells what it is about" in line for line in found), found


def test_a_venue_that_may_give_it_away_is_told(record, folder):
    replace(folder, "groups.csv", "Room 4, Future Road", "Example Probation Office")
    assert any("“probation” is then in text messages" in note for note in notes(record, folder))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Zo\u00c3\u00ab", "Expected 'Zo\u00eb'"),
        ("O\u00e2\u20ac\u2122Neil", "Expected 'O\u2019Neil'"),
        ("Zo\u221a\u00b4", "Expected 'Zo\u00eb'"),
        ("S\u00e3o", None),
        ("\u00c9lise \u0141uk", None),
        ("\u738b\u5c0f\u660e", None),
        ("\u00d6zg\u00fcr", None),
    ],
)
def test_letters_that_were_read_in_another_encoding_are_told(name, told):
    if told is None:
        assert cells.optional_text(name, "preferred_name", 80) == name
        return
    with pytest.raises(cells.CellError, match=re.escape(told)):
        cells.optional_text(name, "preferred_name", 80)
