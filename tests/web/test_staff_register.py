"""The first page and the register: alerts, who is there, and two facilitators who save at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.messages import Address
from bot.records.access import identities
from bot.records.attendance.tables import absence_report, attendance, catch_up
from bot.records.enums import Outcome
from bot.records.participants import repository
from tests.support.staff_desk import NOW, words
from tests.support.staff_records import audited, enrolment_of, person, raised, row, session_of


@pytest.fixture
def register(staff_site):
    return f"/staff/sessions/{session_of(staff_site, 'Evening A', 13)}/register"


def test_an_empty_office_has_a_first_page(staff_site):
    page = staff_site.signed_in("elsewhere").text("/staff")
    assert all(text in page for text in ("No alert is waiting", "No absence is waiting", "No session today"))


def test_today_has_the_sessions_of_the_day_and_what_is_to_be_confirmed(staff_site):
    page = staff_site.signed_in().text("/staff")
    assert "Today, Tuesday 24 November 2026" in page
    assert "Evening A, session 13" in page
    assert "6pm to 8pm" in page


@pytest.mark.on_each_database
def test_req_42_an_alert_waits_is_overdue_and_is_taken_on(staff_site):
    raised(staff_site)
    visitor = staff_site.signed_in()
    page = visitor.text("/staff")
    assert "Somebody’s life may be at risk" in page
    assert "text message" in page
    assert "Overdue" not in page
    staff_site.now += timedelta(minutes=10)
    assert "1 alert has waited for more than 15 minutes" in visitor.text("/staff")
    alert = re.search(r"/staff/alerts/\d+/acknowledge", visitor.get("/staff").text)[0]
    page = visitor.follow(alert, {}, "/staff")
    assert "You have taken the alert on" in page
    assert "No alert is waiting" in page
    assert "Taken on by Fay Invented" in page
    assert [entry.actor for entry in audited(staff_site, "alert acknowledged")] == ["staff:1"]
    assert "Somebody else had taken that alert on before you" in staff_site.signed_in("manager").follow(
        alert, {}, "/staff"
    )
    assert [entry.actor for entry in audited(staff_site, "alert acknowledged")] == ["staff:1"]


def test_an_alert_about_somebody_known_is_for_his_office_and_audited(staff_site):
    raised(staff_site, "child_at_risk", "telegram", "1", person=person(staff_site, "P03"))
    assert "Don Invented" in staff_site.signed_in().text("/staff")
    assert [entry.participant_id for entry in audited(staff_site, "alert read")] == [person(staff_site, "P03")]
    assert "No alert is waiting" in staff_site.signed_in("elsewhere").text("/staff")


def test_an_alert_from_a_linked_telephone_names_its_holder(staff_site):
    with staff_site.record.writing() as connection:
        code = identities.issue_code(connection, person(staff_site, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
    raised(staff_site)
    assert "Cal Invented" in staff_site.signed_in().text("/staff")


def test_an_alert_of_another_office_cannot_be_taken_on(staff_site):
    raised(staff_site, person=person(staff_site, "P03"))
    response = staff_site.signed_in("elsewhere").post("/staff/alerts/1/acknowledge", {}, "/staff")
    assert response.status_code == 404


@pytest.mark.on_each_database
def test_req_17_a_message_that_failed_is_seen(staff_site):
    from bot.messages import OutboundMessage, Receipt
    from bot.messaging import outbox
    from bot.messaging.tables import inbox

    with staff_site.record.writing() as connection:
        code = identities.issue_code(connection, person(staff_site, "P02"), "test", NOW)
        identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW)
        outbox.put(connection, "twilio", Address.on("twilio", "+447700900555"), [OutboundMessage("text")], NOW)
        outbox.sent(connection, outbox.claim(connection, ["twilio"], NOW, 1)[0], "SM1")
        outbox.received(connection, Receipt("twilio", "SM1", delivered=False))
        values = {"channel": "kannel", "provider_id": "1", "address_hash": "+447700900556", "address": "+447700900556"}
        connection.execute(inbox.insert().values(state="set_aside", received_at=NOW, next_try_at=NOW, **values))
    page = staff_site.signed_in().text("/staff")
    assert "text message, Cal Invented : the message did not get through" in page
    assert "text message, +447700900556: the question could not be answered" in page
    assert "Cal Invented" not in staff_site.signed_in("elsewhere").text("/staff")
    assert "Failed" in staff_site.signed_in("manager").text("/staff/figures")


def test_figures_count_and_name_nobody(staff_site):
    raised(staff_site, minutes=4)
    page = staff_site.signed_in("manager").text("/staff/figures")
    assert "Evening A" in page
    assert " Invented" not in page.partition("Figures Attendance")[2]
    assert "1 alert, 1 of them not taken on yet" in page
    assert staff_site.signed_in().get("/staff/figures").status_code == 403
    assert "Your office has no groups yet" in staff_site.signed_in("elsewhere").text("/staff/figures")


def test_small_counts_are_not_told_exactly(staff_site):
    visitor = staff_site.signed_in("manager")
    assert "fewer than 5" in visitor.text("/staff/figures")
    file = visitor.get("/staff/figures.csv")
    assert file.headers["content-disposition"] == 'attachment; filename="figures.csv"'
    rows = [line.split(",") for line in file.content.decode("utf-8-sig").splitlines()]
    assert rows[0][:2] == ["group", "people"]
    assert not [cell for row in rows[1:] for cell in (row[1], row[4], row[5]) if cell in ("1", "2", "3", "4")]


def test_an_alert_from_the_screen_shows_no_token(staff_site):
    raised(staff_site, channel="screen", address="screen:abcdefgh-a-token")
    page = staff_site.signed_in().text("/staff")
    unknown = "It is not known which screen. Look at every screen of your office."
    assert f"By the screen at the office Where {unknown} Who not known Take this on" in page
    assert "token" not in page


def test_the_register_shows_everybody_and_is_saved_in_one_go(staff_site, register):
    visitor = staff_site.signed_in()
    page = visitor.text(register)
    assert all(name in page for name in ("Ada Invented", "Nat Invented"))
    first, second = enrolment_of(staff_site, "P00"), enrolment_of(staff_site, "P01")
    chosen = {f"was-{first}": "none", f"outcome-{first}": "ATTC", f"was-{second}": "none", f"outcome-{second}": "AAME"}
    assert "The register is saved" in visitor.follow(register, chosen)
    saved = row(
        staff_site,
        select(attendance.c.outcome).where(
            attendance.c.enrolment_id == second, attendance.c.session_id == int(register.split("/")[3])
        ),
    )
    assert saved.outcome == "AAME"
    assert [e.detail for e in audited(staff_site, "attendance recorded")] == [
        "session 13: none to ATTC",
        "session 13: none to AAME",
    ]


@pytest.mark.on_each_database
def test_two_facilitators_at_once_lose_nothing(staff_site, register):
    one, two = staff_site.signed_in("facilitator"), staff_site.signed_in("manager")
    first, second = enrolment_of(staff_site, "P00"), enrolment_of(staff_site, "P01")
    shown = {f"was-{first}": "none", f"was-{second}": "none"}
    one.follow(register, {**shown, f"outcome-{first}": "ATTC", f"outcome-{second}": "none"})
    response = two.post(register, {**shown, f"outcome-{first}": "UAAB", f"outcome-{second}": "AFTC"})
    assert response.status_code == 409
    page = words(response.text)
    assert "Ada Invented: somebody else has recorded “Attended” since you opened this page" in page
    assert "Nothing is saved yet" in page
    form = dict(re.findall(r'name="(was-\d+)" value="(\w+)"', response.text))
    assert form[f"was-{first}"] == "ATTC"
    assert re.search(rf'name="outcome-{second}".*?value="AFTC" selected', response.text, re.S), (
        "the other choice is kept"
    )
    two.follow(register, {**form, f"outcome-{first}": "ATTC", f"outcome-{second}": "AFTC"})
    with staff_site.record.reading() as connection:
        query = select(attendance.c.enrolment_id, attendance.c.outcome).where(
            attendance.c.enrolment_id.in_([first, second])
        )
        found = connection.execute(query.where(attendance.c.session_id == int(register.split("/")[3]))).all()
    assert dict(map(tuple, found)) == {first: Outcome.ATTC, second: Outcome.AFTC}


def test_a_line_that_only_the_other_one_changed_stays_as_he_left_it(staff_site, register):
    one, two = staff_site.signed_in("facilitator"), staff_site.signed_in("manager")
    first, second = enrolment_of(staff_site, "P00"), enrolment_of(staff_site, "P01")
    shown = {f"was-{first}": "none", f"was-{second}": "none"}
    one.follow(register, {**shown, f"outcome-{first}": "ATTC", f"outcome-{second}": "none"})
    two.follow(register, {**shown, f"outcome-{first}": "none", f"outcome-{second}": "ATTC"})
    assert (
        row(
            staff_site,
            select(attendance.c.outcome).where(
                attendance.c.enrolment_id == first, attendance.c.session_id == int(register.split("/")[3])
            ),
        ).outcome
        == "ATTC"
    )


def test_an_outcome_that_is_none_is_refused(staff_site, register):
    first = enrolment_of(staff_site, "P00")
    response = staff_site.signed_in().post(register, {f"was-{first}": "none", f"outcome-{first}": "LATE"})
    assert response.status_code == 400


def test_a_recorded_outcome_decides_the_absence_that_was_reported(staff_site, register):
    first = enrolment_of(staff_site, "P00")
    with staff_site.record.writing() as connection:
        repository.report_absence(connection, first, int(register.split("/")[3]), "I have a hospital appointment", NOW)
    visitor = staff_site.signed_in()
    assert "Wrote: “I have a hospital appointment”" in visitor.text(register)
    visitor.follow(register, {f"was-{first}": "none", f"outcome-{first}": "AAME"})
    assert row(staff_site, select(absence_report.c.state)).state == "decided"


def test_a_register_of_another_office_is_not_found(staff_site, register):
    visitor = staff_site.signed_in("elsewhere")
    assert visitor.get(register).status_code == 404
    assert visitor.post(register, {"outcome-1": "ATTC"}, "/staff").status_code == 404


@pytest.mark.on_each_database
def test_a_catch_up_is_booked_moved_and_recorded(staff_site, register):
    visitor, own = staff_site.signed_in(), enrolment_of(staff_site, "P03")
    path = register.replace("register", f"catch-up/{own}")
    when = {"day": "2026-12-01", "begins": "10:00", "ends": "12:00", "venue": ""}
    assert "The catch-up is booked" in visitor.follow(path, when)
    assert "Booked for Tue 1 Dec 2026, 10am" in visitor.text(register)
    visitor.follow(path, {**when, "day": "2026-12-02"})
    assert [r.starts_at.day for r in all_rows(staff_site, own)] == [2]
    booked = {"was": all_rows(staff_site, own)[0].starts_at.isoformat()}
    visitor.follow(f"{path}/record", {"outcome": "ATTC", **booked}, path)
    assert "Caught up" in visitor.text(register)
    assert len(audited(staff_site, "catch-up booked")) == 2


@pytest.mark.parametrize("step", ["record", "cancel"])
def test_what_a_catch_up_came_to_is_said_of_the_one_that_was_seen(staff_site, register, step):
    visitor, own = staff_site.signed_in(), enrolment_of(staff_site, "P03")
    path = register.replace("register", f"catch-up/{own}")
    when = {"day": "2026-12-01", "begins": "10:00", "ends": "12:00", "venue": ""}
    visitor.follow(path, when)
    seen = {"was": all_rows(staff_site, own)[0].starts_at.isoformat()}
    visitor.follow(path, {**when, "day": "2026-12-02"})  # somebody else moves it meanwhile
    assert "Nothing was recorded" in visitor.follow(f"{path}/{step}", {"outcome": "ATTC", **seen}, path)
    assert [(r.starts_at.day, r.outcome) for r in all_rows(staff_site, own)] == [(2, None)]
    assert not audited(staff_site, "catch-up recorded") + audited(staff_site, "catch-up cancelled")
    assert visitor.post(f"{path}/{step}", {"outcome": "ATTC"}, path).status_code == 400


def all_rows(staff_site, own):
    with staff_site.record.reading() as connection:
        return connection.execute(select(catch_up).where(catch_up.c.enrolment_id == own)).all()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"day": ""}, "Enter the day"),
        ({"ends": "09:00"}, "The end must be after the beginning"),
        ({"begins": "soon"}, "Enter a day like 2026-11-23 and times like 18:00"),
        ({"day": "2027-03-28", "begins": "01:30"}, "the clocks go forward"),
    ],
)
def test_a_catch_up_at_no_time_is_refused_in_words(staff_site, register, change, told):
    path = register.replace("register", f"catch-up/{enrolment_of(staff_site, 'P03')}")
    response = staff_site.signed_in().post(path, {"day": "2026-12-01", "begins": "10:00", "ends": "12:00", **change})
    assert response.status_code == 400
    assert told in words(response.text)
