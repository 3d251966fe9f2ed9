"""Groups and sessions: a new group, its plan, and sessions that are moved or cancelled."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.messages import OutboundMessage
from bot.messaging.tables import outbox
from bot.records.attendance import register
from bot.records.attendance.register import RegisterChoice
from bot.records.attendance.tables import attendance
from bot.records.enums import Outcome
from bot.records.sessions import timetable
from bot.records.sessions.tables import programme_group, session
from bot.records.staff import members
from tests.support.staff_desk import words
from tests.support.staff_records import audited, enrolment_of, linked, row, session_of


def test_the_groups_of_the_office_are_listed(staff_site):
    page = staff_site.signed_in().text("/staff/groups")
    assert "Evening A" in page
    assert "Old C" not in page
    assert "Add a group" not in page, "a facilitator does not plan"
    assert "Your office has no groups yet" in staff_site.signed_in("elsewhere").text("/staff/groups")


@pytest.mark.on_each_database
def test_a_group_is_added_planned_and_shown(staff_site):
    visitor = staff_site.signed_in("manager")
    response = visitor.post("/staff/groups/new", {"name": "Evening Z", "option": "evening", "venue": "Room 1"})
    path = response.headers["location"].partition("?")[0]
    assert "The group is added. Evening Z" in visitor.text(response.headers["location"])
    wanted = {"start": "2026-12-01", "weekdays": ["tue"], "begins": "", "block_sessions": "7"}
    preview = visitor.post(f"{path}/plan", wanted)
    assert "35 sessions, without bank holidays" in words(preview.text)
    assert (
        row(
            staff_site,
            select(func.count())
            .select_from(session)
            .join(programme_group)
            .where(programme_group.c.name == "Evening Z"),
        )[0]
        == 0
    )
    assert "The sessions are planned." in visitor.follow(f"{path}/plan", {**wanted, "confirmed": "y"})
    assert (
        row(
            staff_site,
            select(func.count())
            .select_from(session)
            .join(programme_group)
            .where(programme_group.c.name == "Evening Z"),
        )[0]
        == 35
    )
    assert "has 35 sessions already" in visitor.text(f"{path}/plan")
    assert [e.action for e in audited(staff_site, "sessions planned")] == ["sessions planned"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"start": "soon"}, "Enter a day like 2026-11-23"),
        ({"weekdays": []}, "Choose one weekday or more"),
        ({"begins": "09:00"}, "is no time of the evening option"),
        ({"begins": "late"}, "Enter a time like 18:00"),
        ({"block_sessions": "0"}, "Enter a number from 1 to 100"),
        ({"start": "9999-12-30"}, "not so far away"),
    ],
)
def test_what_cannot_be_planned_is_said_in_words(staff_site, change, told):
    visitor = staff_site.signed_in("manager")
    made = visitor.post("/staff/groups/new", {"name": "Evening Z", "option": "evening", "venue": "Room 1"})
    path = made.headers["location"].partition("?")[0]
    response = visitor.post(
        f"{path}/plan", {"start": "2026-12-01", "weekdays": ["tue"], "begins": "", "block_sessions": "7", **change}
    )
    assert response.status_code == 400
    assert told in words(response.text)


def test_a_second_group_of_one_name_is_refused(staff_site):
    response = staff_site.signed_in("manager").post(
        "/staff/groups/new", {"name": "Old C", "option": "day", "venue": "Room 1"}
    )
    assert "There is a group of this name already" in response.text


def start(staff_site, id_):
    return row(staff_site, select(session.c.starts_at).where(session.c.id == id_)).starts_at


def test_a_session_is_moved_after_a_look_at_whom_it_touches(staff_site):
    linked(staff_site, "P00")
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    path, before = f"/staff/sessions/{id_}/move", start(staff_site, id_)
    form = {"was": before.isoformat(), "day": "2026-12-03", "begins": "18:00", "ends": "20:00", "venue": "Room 7"}
    preview = visitor.post(path, form)
    page = words(preview.text)
    assert "Then: Thursday 3 December 2026, 6pm to 8pm, Room 7" in page
    assert "Ben Invented , P01: cannot be written to" in page
    assert start(staff_site, id_) == before
    assert "messages are on their way" in visitor.follow(path, {**form, "confirmed": "y", "tell": "y"})
    assert start(staff_site, id_).day == 3
    text = OutboundMessage.from_json(row(staff_site, select(outbox)).content).text
    assert text.startswith("A date of yours has changed: Tuesday 1 December is now Thursday 3 December, 6pm to 8pm.")
    assert not re.search(r"session|group|programme", text)
    assert row(staff_site, select(func.count()).select_from(outbox))[0] == 1


def test_two_who_move_one_session_do_not_undo_each_other(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    path, before = f"/staff/sessions/{id_}/move", start(staff_site, id_)
    form = {"was": before.isoformat(), "begins": "18:00", "ends": "20:00", "venue": "", "confirmed": "y"}
    visitor.follow(path, {**form, "day": "2026-12-03"})
    response = visitor.post(path, {**form, "day": "2026-12-04"})
    assert "Somebody else has moved this session" in words(response.text)
    assert start(staff_site, id_).day == 3


def test_a_session_is_not_moved_onto_another_one(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    form = {
        "was": start(staff_site, id_).isoformat(),
        "day": "2026-12-08",
        "begins": "18:00",
        "ends": "20:00",
        "venue": "",
    }
    assert "Another session of the group is on" in words(visitor.post(f"/staff/sessions/{id_}/move", form).text)


@pytest.mark.on_each_database
def test_a_cancelled_session_is_recorded_as_rescheduled_and_moving_it_brings_it_back(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    own = select(attendance.c.outcome).where(
        attendance.c.session_id == id_, attendance.c.enrolment_id == enrolment_of(staff_site, "P00")
    )
    assert "Ada Invented" in visitor.text(f"/staff/sessions/{id_}/cancel")
    assert "The session is cancelled." in visitor.follow(f"/staff/sessions/{id_}/cancel", {})
    assert row(staff_site, own).outcome == "RSSR"
    form = {
        "was": start(staff_site, id_).isoformat(),
        "day": "2026-12-03",
        "begins": "18:00",
        "ends": "20:00",
        "venue": "",
    }
    visitor.follow(f"/staff/sessions/{id_}/move", {**form, "confirmed": "y"})
    assert row(staff_site, own) is None


def test_another_office_or_a_facilitator_plans_nothing(staff_site):
    id_ = session_of(staff_site, "Evening A", 14)
    for key, status in (("elsewhere", 404), ("facilitator", 403)):
        visitor = staff_site.signed_in(key)
        for page in ("move", "cancel"):
            assert visitor.get(f"/staff/sessions/{id_}/{page}").status_code == status
            assert visitor.post(f"/staff/sessions/{id_}/{page}", {"confirmed": "y"}, "/staff").status_code == status


def test_a_cancelled_session_says_so_everywhere_and_is_offered_a_new_date(staff_site):
    visitor, session = staff_site.signed_in("manager"), session_of(staff_site, "Evening A", 13)
    group = "/staff/groups/" + re.search(r'/staff/groups/(\d+)">Evening A', visitor.get("/staff/groups").text)[1]
    visitor.follow(f"/staff/sessions/{session}/cancel", {})
    page = visitor.text(group)
    assert page.count("Cancelled") == 1
    assert "Give it a new date session 13" in page
    assert "Cancel session 13" not in page
    assert "Cancel session 14" in page
    told = "Cancelled This session is not held on this date"
    assert told in visitor.text(f"/staff/sessions/{session}/register")
    today = staff_site.signed_in().text("/staff")
    assert "6pm to 8pm Cancelled" in today
    assert "not held on this date" in today
    assert "Give it a new date" not in staff_site.signed_in().text(f"/staff/sessions/{session}/register")
    staff_site.now += timedelta(days=1)
    visitor = staff_site.signed_in("manager")
    fields = {"day": "2026-12-02", "begins": "18:00", "ends": "20:00", "venue": "", "confirmed": "y"}
    was = re.search(r'name="was" value="([^"]+)"', visitor.get(f"/staff/sessions/{session}/move").text)[1]
    visitor.follow(f"/staff/sessions/{session}/move", {**fields, "was": was})
    page = visitor.text(group)
    assert "Cancelled" not in page
    assert "Cancel session 13" in page


def test_somebody_with_another_outcome_does_not_hide_that_a_session_is_cancelled(staff_site):
    visitor, session = staff_site.signed_in("manager"), session_of(staff_site, "Evening A", 14)
    register, one = f"/staff/sessions/{session}/register", enrolment_of(staff_site, "P00")
    visitor.follow(register, {f"was-{one}": "none", f"outcome-{one}": "AAHO"})
    assert "Cancelled" not in visitor.text(register)
    visitor.follow(f"/staff/sessions/{session}/cancel", {})
    assert "Cancelled" in visitor.text(register)


def test_nobody_gives_a_new_date_to_a_session_that_a_colleague_has_cancelled_meanwhile(staff_site):
    id_, first, second = (
        session_of(staff_site, "Evening A", 14),
        staff_site.signed_in("manager"),
        staff_site.signed_in("administrator"),
    )
    path, before = f"/staff/sessions/{id_}/move", start(staff_site, id_)
    shown = first.get(path).text
    form = {"was": before.isoformat(), "day": "2026-12-03", "begins": "18:00", "ends": "20:00", "venue": ""}
    second.follow(f"/staff/sessions/{id_}/cancel", {})
    late = {**form, "cancelled": field(shown, "cancelled"), "confirmed": "y"}
    page = first.post(path, late).text
    assert "Somebody else has cancelled this session" in words(page)
    assert start(staff_site, id_) == before
    again = {**form, "cancelled": field(page, "cancelled"), "confirmed": "y"}
    assert "The session is moved." in first.follow(path, again), "with that known, it gets a new date"


def field(html, name):
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_what_was_not_cancelled_is_no_success(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    visitor.follow(f"/staff/sessions/{id_}/cancel", {})
    page = visitor.follow(f"/staff/sessions/{id_}/cancel", {})
    assert "Nothing was changed The session is cancelled already." in page
    assert "Success" not in page
    assert "It is cancelled already." in visitor.text(f"/staff/sessions/{id_}/cancel")


def test_a_session_with_an_outcome_for_everybody_is_not_cancelled(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 12), staff_site.signed_in("manager")
    with staff_site.record.writing() as connection:
        places = register.entries(connection, timetable.scheduled_session(connection, id_), staff_site.now)
        choices = {one.enrolment_id: RegisterChoice(one.outcome, Outcome.ATTC) for one in places}
        who = members.member(connection, members.find(connection, "manager@example.org"))
        register.record(connection, timetable.scheduled_session(connection, id_), choices, who, staff_site.now)
    assert "There is nothing to cancel" in visitor.text(f"/staff/sessions/{id_}/cancel")
    page = visitor.follow(f"/staff/sessions/{id_}/cancel", {})
    assert "The session is not cancelled" in page
    assert "Success" not in page


def test_a_session_is_not_moved_to_when_it_is(staff_site):
    id_, visitor = session_of(staff_site, "Evening A", 14), staff_site.signed_in("manager")
    form = {
        "was": start(staff_site, id_).isoformat(),
        "day": "2026-12-01",
        "begins": "18:00",
        "ends": "20:00",
        "venue": "",
    }
    response = visitor.post(f"/staff/sessions/{id_}/move", form)
    assert (response.status_code, "That is when and where it is already" in words(response.text)) == (400, True)
    assert "Then: Tuesday 1 December 2026" in words(
        visitor.post(f"/staff/sessions/{id_}/move", {**form, "venue": "Room 9"}).text
    )
