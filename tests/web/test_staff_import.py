"""Importing on the pages of staff: checked, shown, confirmed, and nothing of another office."""

import pytest
from sqlalchemy import func, select

from bot.records.participants.tables import enrolment, participant
from bot.records.sessions.tables import programme_group
from tests.support.importing import GROUP, hidden, upload
from tests.support.staff_desk import words
from tests.support.staff_records import audited, person, row

PEOPLE = "reference,group,preferred_name\nZ1,Evening Z,Zoe Invented\nZ2,Evening Z,Zak Ünvented\n"


@pytest.mark.on_each_database
def test_files_are_checked_shown_and_imported(staff_site):
    visitor = staff_site.signed_in("manager")
    response = upload(visitor, {"groups.csv": GROUP, "participants.csv": PEOPLE})
    page = words(response.text)
    assert "participants.csv 2 rows read, nothing wrong" in page
    assert "5 rows change" in page
    assert "Group Evening Z nothing evening, Room 1" in page
    assert "Z1 in Evening Z nothing active" in page
    assert person(staff_site, "Z1") is None, "nothing is kept before it is confirmed"
    assert "The files are imported." in visitor.follow("/staff/import/confirm", hidden(response.text), "/staff/import")
    assert "Zak Ünvented" in visitor.text("/staff/participants")
    assert (
        row(staff_site, select(programme_group.c.office_id).where(programme_group.c.name == "Evening Z"))[0]
        == row(staff_site, select(programme_group.c.office_id).where(programme_group.c.name == "Evening A"))[0]
    )
    assert audited(staff_site, "import")[-1].detail == "3 rows"


@pytest.mark.on_each_database
def test_everything_that_is_wrong_is_told_and_nothing_kept(staff_site):
    before = row(staff_site, select(func.count()).select_from(participant))[0]
    files = {
        "groups.csv": GROUP,
        "participants.csv": "reference,group,preferred_name\nZ1,Evening Z,Zoe\nZ2,Nowhere,Zak\n",
        "notes.csv": "a",
    }
    response = upload(staff_site.signed_in("manager"), files)
    assert response.status_code == 400
    page = words(response.text)
    assert "participants.csv, line 3: group is 'Nowhere'" in page
    assert "notes.csv, line 1: not a file of an import" in page
    assert row(staff_site, select(func.count()).select_from(participant))[0] == before


@pytest.mark.parametrize(
    "files", [{}, {"groups.csv": b"\xff\xfe"}, {"groups.csv": ""}, {"../groups.csv": GROUP + "x"}, {"a": "b"}]
)
def test_files_that_are_none_are_told(staff_site, files):
    response = upload(staff_site.signed_in("manager"), files)
    assert response.status_code == 400
    assert "Nothing was imported" in response.text


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("groups.csv", "group,option,venue\nEvening A,evening,Elsewhere\n", "belongs to another office"),
        ("groups.csv", "group,option,venue,office\nNew,day,Room,Example office\n", "belongs to another office"),
        ("participants.csv", "reference,group,preferred_name\nQ1,Evening A,Quinn\n", "belongs to another office"),
        ("participants.csv", "reference,group,preferred_name\nP00,Mine,Renamed\n", "is in use"),
        (
            "appointments.csv",
            "reference,kind,starts_at,ends_at,venue\nP00,final_review,2027-01-01T10:00,2027-01-01T11:00,x\n",
            "is in use",
        ),
        ("attendance.csv", "reference,number,outcome,group\nP00,1,UAAB,\n", "is in use"),
    ],
)
def test_req_27_an_import_touches_nothing_of_another_office(staff_site, name, text, told):
    visitor = staff_site.signed_in("elsewhere")
    mine = "group,option,venue\nMine,day,Room 1\n"
    files = {name: text} if name == "groups.csv" else {"groups.csv": mine, name: text}
    response = upload(visitor, files)
    assert response.status_code == 400
    assert told in words(response.text)
    sent = {f"file {n}": t for n, t in files.items()}
    assert visitor.post("/staff/import/confirm", sent, "/staff/import").status_code == 400
    assert "Ada Invented" in staff_site.signed_in().text("/staff/participants")
    assert (
        row(
            staff_site,
            select(func.count()).select_from(enrolment).where(enrolment.c.participant_id == person(staff_site, "P00")),
        )[0]
        == 1
    )


def test_people_of_the_own_office_are_changed(staff_site):
    text = "reference,group,preferred_name,status,from,to\nP00,Evening A,Ada Renamed,suspended,,\n"
    visitor = staff_site.signed_in("manager")
    response = upload(visitor, {"participants.csv": text})
    page = words(response.text)
    assert "2 rows change" in page
    assert "P00 Ada Invented Ada Renamed" in page
    assert "P00 in Evening A active suspended" in page
    visitor.follow("/staff/import/confirm", hidden(response.text), "/staff/import")
    assert "Ada Renamed" in visitor.text("/staff/participants")


def test_every_kind_of_change_is_shown_before_it_is_made(staff_site):
    files = {
        "sessions.csv": "group,number,block,starts_at,ends_at,venue,title\nEvening A,20,Block 3,2027-01-13T18:00,2027-01-13T20:00,,\n",
        "attendance.csv": "reference,number,outcome,group\nP00,1,UAAB,Evening A\nP00,2,,Evening A\n",
        "catch_ups.csv": "reference,number,starts_at,ends_at,venue,outcome\nP05,11,2026-11-26T10:00,2026-11-26T12:00,,\n",
        "appointments.csv": "reference,kind,starts_at,ends_at,venue\nP00,final_review,2027-05-12T11:00,2027-05-12T12:00,Example office\n",
    }
    page = words(upload(staff_site.signed_in("manager"), files).text)
    for text in (
        "Session 20 of Evening A 2027-01-12 18:00, 2027-01-12 20:00 2027-01-13 18:00, 2027-01-13 20:00",
        "P00, session 1 of Evening A ATTC UAAB",
        "P00, session 2 of Evening A ATTC nothing",
        "P05, session 11 of Evening A, catch-up 2026-11-26 10:00 nothing 2026-11-26 12:00",
        "P00, final review, 2027-05-12 11:00 nothing 2027-05-12 12:00, Example office",
    ):
        assert text in page


def test_what_is_there_already_changes_nothing(staff_site):
    visitor = staff_site.signed_in("manager")
    text = "reference,group,preferred_name,status,from,to\nP00,Evening A,Ada Invented,active,,\n"
    assert "Nothing changes" in words(upload(visitor, {"participants.csv": text}).text)


def test_an_upload_that_is_too_long_or_broken_is_refused(staff_site):
    visitor = staff_site.signed_in("manager")
    assert upload(visitor, {"groups.csv": "x" * (9 * 1024 * 1024)}).status_code == 413
    broken = visitor.client.post("/staff/import", content=b"--x", headers={"content-type": "multipart/form-data"})
    assert broken.status_code in (400, 403)


def test_what_a_colleague_imported_meanwhile_is_not_overwritten_unseen(staff_site):
    first, second = staff_site.signed_in("manager"), staff_site.signed_in("administrator")
    mine = hidden(upload(first, {"groups.csv": GROUP}).text)
    theirs = hidden(upload(second, {"groups.csv": GROUP.replace("Room 1", "Room 2")}).text)
    second.follow("/staff/import/confirm", theirs, "/staff/import")
    venue = select(programme_group.c.venue).where(programme_group.c.name == "Evening Z")
    response = first.post("/staff/import/confirm", mine, "/staff/import")
    assert (response.status_code, row(staff_site, venue).venue) == (400, "Room 2")
    page = words(response.text)
    assert "Nothing was imported: the record has changed since you looked" in page
    assert "Group Evening Z evening, Room 2 evening, Room 1" in page
    first.follow("/staff/import/confirm", hidden(response.text), "/staff/import")
    assert row(staff_site, venue).venue == "Room 1"
