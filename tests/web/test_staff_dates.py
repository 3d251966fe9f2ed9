"""What staff type that is possible, but hardly meant: refused, or asked about; and the files that the pages give and take."""

import re
import tempfile

import pytest
from sqlalchemy import func, select

from bot.records.attendance.tables import attendance, catch_up
from bot.records.importing.sheets import SHEETS
from bot.records.participants import repository
from bot.records.sessions.tables import programme_group, session
from bot.replies import csv_tables
from tests.support.importing import AS_SAVED, GROUP, hidden, upload
from tests.support.staff_desk import words
from tests.support.staff_records import enrolment_of, person, row, session_of


@pytest.fixture
def booking(staff_site):
    """The path of a catch-up of somebody who missed session 12, on the Tuesday before."""
    return f"/staff/sessions/{session_of(staff_site, 'Evening A', 12)}/catch-up/{enrolment_of(staff_site, 'P03')}"


def booked(staff_site):
    query = select(catch_up.c.starts_at).where(catch_up.c.enrolment_id == enrolment_of(staff_site, "P03"))
    with staff_site.record.reading() as connection:
        return connection.execute(query).scalars().all()


def recorded(staff_site, reference, number, outcome):
    with staff_site.record.writing() as connection:
        own = {
            "enrolment_id": enrolment_of(staff_site, reference),
            "session_id": session_of(staff_site, "Evening A", number),
        }
        same = (attendance.c.enrolment_id == own["enrolment_id"]) & (attendance.c.session_id == own["session_id"])
        connection.execute(attendance.delete().where(same))
        connection.execute(attendance.insert().values(outcome=outcome, **own))


WHEN = {"day": "2026-12-03", "begins": "10:00", "ends": "12:00", "venue": ""}


@pytest.mark.parametrize("year", ["0026", "1926", "2206", "2062"])
def test_a_year_that_nobody_means_is_refused_everywhere(staff_site, booking, year):
    visitor = staff_site.signed_in("manager")
    far = "not so far away: expected a year from 2000 to"
    response = visitor.post(booking, {**WHEN, "day": f"{year}-12-03"})
    assert (response.status_code, far in words(response.text), booked(staff_site)) == (400, True, [])
    move = f"/staff/sessions/{session_of(staff_site, 'Evening A', 35)}/move"
    was = re.search(r'name="was" value="([^"]+)"', visitor.get(move).text)[1]
    response = visitor.post(move, {**WHEN, "day": f"{year}-05-04", "was": was, "confirmed": "y"})
    assert (response.status_code, far in words(response.text)) == (400, True)
    made = visitor.post("/staff/groups/new", {"name": "Evening Z", "option": "evening", "venue": "Room 1"})
    plan = f"{made.headers['location'].partition('?')[0]}/plan"
    values = {"start": f"{year}-12-01", "weekdays": ["tue"], "begins": "", "block_sessions": "7"}
    assert far in words(visitor.post(plan, values).text)
    assert far in words(visitor.post("/staff/audit", {"first": f"{year}-12-01"}).text)


@pytest.mark.parametrize("day", ["2026-W49-4", "20261203", "soon", "2026-13-01"])
def test_a_day_in_another_form_is_refused(staff_site, booking, day):
    response = staff_site.signed_in().post(booking, {**WHEN, "day": day})
    assert response.status_code == 400
    assert "Enter a day like 2026-11-23" in words(response.text)


def test_a_day_typed_as_people_write_it_is_read(staff_site, booking):
    recorded(staff_site, "P03", 12, "AAME")
    staff_site.signed_in().follow(booking, {**WHEN, "day": "3/12/2026", "begins": "10am", "ends": "12.00"})
    assert [at.isoformat() for at in booked(staff_site)] == ["2026-12-03T10:00:00+00:00"]


ODD = {
    "before its session": (
        {"day": "2026-11-01"},
        "It is before the session that it is for, which is on 17 November 2026",
    ),
    "in the past": ({"day": "2026-11-20"}, "It is in the past"),
    "at night": ({"begins": "05:00", "ends": "06:30"}, "It is from 05:00 to 06:30"),
    "during a session": ({"day": "2026-12-01", "begins": "19:00", "ends": "21:00"}, "It is at the time of session 14"),
}


@pytest.mark.parametrize(("change", "told"), ODD.values(), ids=ODD)
def test_an_odd_catch_up_is_asked_about_first(staff_site, booking, change, told):
    recorded(staff_site, "P03", 12, "AAME")
    visitor = staff_site.signed_in()
    response = visitor.post(booking, {**WHEN, **change})
    assert response.status_code == 200
    assert "Book it all the same?" in words(response.text)
    assert told in words(response.text)
    assert booked(staff_site) == []
    sure = re.search(r'name="sure" value="([^"]+)"', response.text)[1]
    other = visitor.post(booking, {**WHEN, **change, "day": "2026-10-30", "sure": sure})
    assert (other.status_code, booked(staff_site)) == (200, []), "what was asked about is not what is sent now"
    assert "The catch-up is booked" in visitor.follow(booking, {**WHEN, **change, "sure": sure})
    assert len(booked(staff_site)) == 1


@pytest.mark.parametrize(("outcome", "told"), [("ATTC", "recorded as attended"), ("RSSR", "recorded as rescheduled")])
def test_a_catch_up_for_somebody_who_did_not_miss_it_is_asked_about(staff_site, booking, outcome, told):
    recorded(staff_site, "P03", 12, outcome)
    visitor = staff_site.signed_in()
    assert told in words(visitor.post(booking, WHEN).text)
    assert booked(staff_site) == []
    register = booking.partition("/catch-up")[0] + "/register"
    assert "Book a catch-up for Don Invented" not in visitor.text(register)


def test_a_catch_up_for_a_session_to_come_is_asked_about_unless_an_absence_is_reported(staff_site):
    session = session_of(staff_site, "Evening A", 14)
    asked = "for a session that is still to come"
    path, visitor = f"/staff/sessions/{session}/catch-up/{enrolment_of(staff_site, 'P03')}", staff_site.signed_in()
    assert asked in words(visitor.post(path, {**WHEN, "day": "2026-12-04"}).text)
    with staff_site.record.writing() as connection:
        repository.report_absence(connection, enrolment_of(staff_site, "P03"), session, "I work then", staff_site.now)
    assert "The catch-up is booked" in visitor.follow(path, {**WHEN, "day": "2026-12-04"})


def test_a_catch_up_of_somebody_who_missed_it_is_booked_without_a_question(staff_site, booking):
    recorded(staff_site, "P03", 12, "AAME")
    assert "The catch-up is booked" in staff_site.signed_in().follow(booking, WHEN)


def test_a_catch_up_has_a_day_and_times_to_begin_with(staff_site, booking):
    page = staff_site.signed_in().get(booking).text
    shown = dict(re.findall(r'name="(day|begins|ends)" type="\w+" value="([^"]*)"', page))
    shown = shown or {
        n: re.search(rf'<input[^>]*name="{n}"[^>]*value="([^"]*)"', page)[1] for n in ("day", "begins", "ends")
    }
    # Session 12 was on a Tuesday from 18:00 to 20:00: the next Tuesday evening is another session's.
    assert shown == {"day": "2026-12-01", "begins": "16:00", "ends": "18:00"}


def test_a_catch_up_without_an_end_is_as_long_as_the_session(staff_site, booking):
    recorded(staff_site, "P03", 12, "AAME")
    staff_site.signed_in().follow(booking, {**WHEN, "ends": ""})
    own = row(staff_site, select(catch_up).where(catch_up.c.enrolment_id == enrolment_of(staff_site, "P03")))
    assert (own.ends_at - own.starts_at).seconds == 2 * 3600


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"day": "2027-04-28", "begins": "06:00", "ends": "08:00"}, "It is from 06:00 to 08:00, and the group’s option is from 18:00"),
        ({"day": "2026-11-20"}, "It is in the past"),
        ({"day": "2027-01-01"}, "It is before sessions 19 to 34"),
        ({"day": "2027-04-19"}, "It is before session 34"),
        ({"day": "2027-05-03"}, "It is on a bank holiday (May Day)"),
        ({"day": "2027-05-08"}, "It is on a Saturday"),
    ],
)  # fmt: skip
def test_an_odd_move_is_told_before_it_is_made(staff_site, change, told):
    visitor = staff_site.signed_in("manager")
    move = f"/staff/sessions/{session_of(staff_site, 'Evening A', 35)}/move"
    was = re.search(r'name="was" value="([^"]+)"', visitor.get(move).text)[1]
    times = {"begins": "18:00", "ends": "20:00", "venue": "", "was": was}
    page = words(visitor.post(move, {**times, **change}).text)
    assert told in page
    assert "Move it all the same" in page


def test_a_session_of_a_day_is_refused(staff_site):
    visitor = staff_site.signed_in("manager")
    move = f"/staff/sessions/{session_of(staff_site, 'Evening A', 35)}/move"
    response = visitor.post(move, {"day": "2027-04-28", "begins": "06:00", "ends": "23:00", "venue": ""})
    assert "more than 12 hours" in words(response.text)


@pytest.mark.parametrize(("outcome", "saved"), [("UAAB", False), ("ATTC", False), ("AAHO", True), ("RSSR", True)])
def test_what_came_of_a_session_to_come_is_recorded_on_its_day(staff_site, outcome, saved):
    visitor, own = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    register = f"/staff/sessions/{session_of(staff_site, 'Evening A', 20)}/register"
    response = visitor.post(register, {f"was-{own}": "none", f"outcome-{own}": outcome})
    assert response.status_code == (303 if saved else 400)
    assert saved or "can be recorded on the day" in words(response.text)
    assert saved or f'value="{outcome}" selected' in response.text, "what was chosen is kept"


# Names


@pytest.mark.parametrize(
    "name",
    [
        "evening a",
        "EVENING A",
        "Evening\u00a0A",
        "Evening  A",
        "Evening\u200b A",
        "\N{FULLWIDTH LATIN CAPITAL LETTER E}vening A",
    ],
)
def test_a_group_is_there_already_in_whatever_case(staff_site, name):
    response = staff_site.signed_in("manager").post(
        "/staff/groups/new", {"name": name, "option": "evening", "venue": "Room 1"}
    )
    assert response.status_code == 400
    assert "There is a group of this name already" in words(response.text)


@pytest.mark.parametrize("name", ["\u200b", "\u00a0", "\u2800", "\u202e"])
def test_a_name_of_nothing_is_refused(staff_site, name):
    response = staff_site.signed_in("manager").post(
        "/staff/groups/new", {"name": name, "option": "evening", "venue": "Room 1"}
    )
    assert (response.status_code, "Enter a name" in words(response.text)) == (400, True)


def test_names_are_kept_without_what_cannot_be_seen(staff_site):
    values = {"name": "\u202eEvening\u00a0 Z\u200b", "option": "evening", "venue": "Cafe\u0301, Room  1"}
    staff_site.signed_in("manager").follow("/staff/groups/new", values)
    found = row(staff_site, select(programme_group).order_by(programme_group.c.id.desc()))
    assert (found.name, found.venue) == ("Evening Z", "Café, Room 1")


@pytest.mark.parametrize(
    ("name", "venue"), [("iSOTP Sexual Offending A", "Room 1"), ("Evening Z", "Sexual Offender Treatment Unit")]
)
def test_names_that_tell_what_it_is_about_are_refused(staff_site, booking, name, venue):
    visitor = staff_site.signed_in("manager")
    response = visitor.post("/staff/groups/new", {"name": name, "option": "evening", "venue": venue})
    assert (response.status_code, "tells what it is about" in words(response.text)) == (400, True)
    if venue != "Room 1":
        assert "tells what it is about" in words(visitor.post(booking, {**WHEN, "venue": venue}).text)
        move = f"/staff/sessions/{session_of(staff_site, 'Evening A', 35)}/move"
        assert "tells what it is about" in words(visitor.post(move, {**WHEN, "venue": venue}).text)


def test_a_place_that_may_give_it_away_is_told(staff_site):
    values = {"name": "Evening Z", "option": "evening", "venue": "Example Probation Office"}
    assert "may give away what the group is for" in staff_site.signed_in("manager").follow("/staff/groups/new", values)


# Files


@pytest.mark.parametrize("change", AS_SAVED.values(), ids=AS_SAVED)
def test_what_spreadsheets_save_is_shown_and_imported(staff_site, change):
    visitor = staff_site.signed_in("manager")
    rows = [["group", "option", "venue"], ["Evening Z", "evening", "Café, Room 1"], ["Day Y", "day", "Room “2”"]]
    response = upload(visitor, {"Groups.CSV": change(rows)})
    assert "groups.csv 2 rows read, nothing wrong" in words(response.text)
    visitor.follow("/staff/import/confirm", hidden(response.text), "/staff/import")
    assert (
        row(staff_site, select(programme_group.c.venue).where(programme_group.c.name == "Evening Z"))[0]
        == "Café, Room 1"
    )
    assert row(staff_site, select(programme_group.c.venue).where(programme_group.c.name == "Day Y"))[0] == "Room “2”"


def test_how_files_were_read_is_shown_before_they_are_kept(staff_site):
    text = GROUP.replace(",", ";").replace("Room 1", "Probation office")
    page = words(upload(staff_site.signed_in("manager"), {"groups.csv": text}).text)
    assert "Please check" in page
    assert "groups.csv: it has semicolons between its columns, not commas" in page
    assert "“probation” is then in text messages" in page


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "choose one file or more first"),
        ({"Participants (2).csv": GROUP}, "If it is participants.csv, rename it to that"),
        ({"groups.xlsx": b"PK\x03\x04"}, "groups.xlsx: a spreadsheet, which is not read"),
        ({"groups.csv": b"PK\x03\x04"}, "groups.csv: this is an Excel workbook"),
        ({"groups.csv": GROUP, "notes.txt": "x"}, "notes.txt: not read"),
        ({"groups.csv": GROUP, "Groups.csv": GROUP}, "groups.csv was sent twice"),
        ({"groups.csv": "group;option\nA;day\n"}, "no column venue: expected the columns group, option, venue"),
    ],
)
def test_what_is_not_read_is_told_without_an_inner_path(staff_site, files, told):
    before = row(staff_site, select(func.count()).select_from(programme_group))[0]
    response = upload(staff_site.signed_in("manager"), files)
    page = words(response.text)
    assert response.status_code == 400
    assert told in page
    assert "Nothing was imported" in page
    assert tempfile.gettempdir() not in page
    assert "line 0" not in page
    assert row(staff_site, select(func.count()).select_from(programme_group))[0] == before


def test_the_page_lists_every_column_and_has_a_file_to_fill_in(staff_site):
    visitor = staff_site.signed_in("manager")
    page = visitor.text("/staff/import")
    for sheet in SHEETS:
        assert f"{sheet.name} {', '.join(sheet.required)}" in page
        file = visitor.get(f"/staff/import/templates/{sheet.name}")
        assert file.content == f"\ufeff{','.join(sheet.columns)}\n".encode()
        assert upload(visitor, {sheet.name: file.content}).status_code == 200
    assert visitor.get("/staff/import/templates/other.csv").status_code == 404
    assert staff_site.signed_in().get("/staff/import/templates/groups.csv").status_code == 403


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\ufe661", "\ufe621", "\u22121", "⁼1"],
)  # fmt: skip
def test_no_cell_is_taken_for_a_formula(cell):
    assert csv_tables.plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Evening A", "Café – Tuesday", "7pm", 5, -5, 0.5, None, "", "a=b"])
def test_other_cells_are_as_they_were(cell):
    assert csv_tables.plain(cell) == cell


def test_files_carry_the_mark_by_which_excel_knows_utf_8(staff_site):
    values = {"name": "Café – Tuesday", "option": "evening", "venue": "Room 1"}
    visitor = staff_site.signed_in("manager")
    visitor.follow("/staff/groups/new", values)
    assert visitor.get("/staff/figures.csv").content.startswith(b"\xef\xbb\xbfgroup,people")


def test_a_block_of_a_number_is_called_a_block(staff_site):
    with staff_site.record.writing() as connection:
        from bot.records.sessions.tables import block

        connection.execute(block.update().values(name="2").where(block.c.name == "Block 2"))
    page = staff_site.signed_in().text(f"/staff/participants/{person(staff_site, 'P00')}")
    assert "In block “2”, 0 missed sessions count" in page
    assert row(staff_site, select(session.c.id))
