"""Participants and absences: the list, a person, links, the PIN, removing, and what staff decide."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.messages import Address, OutboundMessage
from bot.messaging.tables import outbox
from bot.records.access import identities
from bot.records.access.tables import channel_identity, pin
from bot.records.attendance import reported_absences
from bot.records.attendance.tables import attendance
from bot.records.participants import repository
from bot.records.participants.tables import participant
from bot.records.tables import audit_entry
from tests.support.staff_desk import NOW, words
from tests.support.staff_records import audited, enrolment_of, linked, person, row, session_of


def test_the_list_has_the_people_of_the_office_and_nobody_else(staff_site):
    page = staff_site.signed_in().text("/staff/participants")
    assert "12 participants" in page
    assert "Ada Invented" in page
    assert "Ida Invented" not in page, "their group is the main office's"
    assert "Nobody is in your office’s groups yet" in staff_site.signed_in("elsewhere").text("/staff/participants")


@pytest.mark.parametrize(
    ("sort", "first"), [("reference", "P00"), ("name", "P00"), ("group", "P10"), ("missed", "P03")]
)
def test_the_list_is_sorted(staff_site, sort, first):
    html = staff_site.signed_in().get(f"/staff/participants?sort={sort}").text
    assert re.search(r'<td class="govuk-table__cell">(P\d+)</td>', html)[1] == first


@pytest.mark.parametrize("query", ["?sort=nothing", "?page=0", "?page=-1", "?page=x", "?page=99999999999", "?page=²"])
def test_an_address_with_a_page_that_is_none_shows_the_first(staff_site, query):
    assert "P00" in staff_site.signed_in().text(f"/staff/participants{query}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p03", "1 participant found"),
        ("P-03", "1 participant found"),
        (" p 03. ", "1 participant found"),
        ("-", "0 participants found"),
        ("invented", "12 participants found"),
        ("P08", "0 participants found"),
        ("zzz", "0 participants found"),
    ],
)
def test_a_search_finds_references_and_names_of_the_office(staff_site, text, found):
    response = staff_site.signed_in().post("/staff/participants", {"text": text})
    assert found in words(response.text)
    assert "found by search" in {entry.action for entry in audited(staff_site, "found by search")} or found.startswith(
        "0"
    )


def test_an_empty_search_says_what_is_missing(staff_site):
    response = staff_site.signed_in().post("/staff/participants", {"text": " "})
    assert response.status_code == 400
    assert "Enter a reference or a name" in response.text


def test_a_thousand_people_are_shown_in_pages(staff_site):
    from bot.records.participants.tables import enrolment

    group = row(
        staff_site, select(enrolment.c.group_id).where(enrolment.c.id == enrolment_of(staff_site, "P00"))
    ).group_id
    with staff_site.record.writing() as connection:
        for n in range(1000):
            values = {"reference": f"X{n:04}", "reference_hash": f"X{n:04}", "preferred_name": f"Nobody {n}"}
            id_ = connection.execute(participant.insert().values(**values)).inserted_primary_key[0]
            connection.execute(enrolment.insert().values(participant_id=id_, group_id=group, status="active"))
    visitor = staff_site.signed_in()
    assert "1,012 participants, page 1 of 21" in visitor.text("/staff/participants")
    page = visitor.text("/staff/participants?sort=reference&page=21")
    assert "X0999" in page
    assert "Previous page" in page
    assert "the first 50 are shown" in words(visitor.post("/staff/participants", {"text": "x0"}).text)


def test_a_person_is_shown_as_a_whole_and_it_is_audited(staff_site):
    visitor = staff_site.signed_in()
    page = visitor.text(f"/staff/participants/{person(staff_site, 'P03')}")
    for text in (
        "Don Invented P03",
        "Attended 9",
        "Missed 3",
        "that is more than 2",
        "Session 8 : Absent",
        "Session 35 : To come",
        "Nothing is linked",
        "Not chosen yet",
    ):
        assert text in page
    assert [(e.actor, e.participant_id) for e in audited(staff_site, "record read")] == [
        ("staff:1", person(staff_site, "P03"))
    ]
    visitor.text(f"/staff/participants/{person(staff_site, 'P03')}")
    assert len(audited(staff_site, "record read")) == 1, "once an hour"
    staff_site.now += timedelta(minutes=29)
    visitor.get("/staff")
    staff_site.now += timedelta(minutes=29)
    visitor.get("/staff")
    staff_site.now += timedelta(minutes=5)
    visitor.text(f"/staff/participants/{person(staff_site, 'P03')}")
    assert len(audited(staff_site, "record read")) == 2


def test_a_catch_up_shows_as_one(staff_site):
    page = staff_site.signed_in().text(f"/staff/participants/{person(staff_site, 'P04')}")
    assert "caught up" in page
    assert "Caught up 1" in page


def test_req_27_somebody_of_another_office_is_not_found(staff_site):
    visitor, id_ = staff_site.signed_in("elsewhere"), person(staff_site, "P00")
    for page in ("", "/unlink", "/reset-pin", "/remove"):
        assert visitor.get(f"/staff/participants/{id_}{page}").status_code == 404
    for page in ("/link-code", "/unlink", "/reset-pin", "/remove"):
        assert visitor.post(f"/staff/participants/{id_}{page}", {"reference": "P00"}, "/staff").status_code == 404
    assert person(staff_site, "P00") == id_


def test_a_group_of_another_office_is_left_out_of_the_picture(staff_site):
    page = staff_site.signed_in().text(f"/staff/participants/{person(staff_site, 'P10')}")
    assert "Day B" in page
    assert "Old C" not in page


def test_a_link_code_is_shown_once_and_works(staff_site):
    visitor, id_ = staff_site.signed_in(), person(staff_site, "P00")
    response = visitor.post(f"/staff/participants/{id_}/link-code", {}, f"/staff/participants/{id_}")
    code = re.search(r'class="code">([A-Z0-9-]+)<', response.text)[1]
    assert code not in visitor.text(f"/staff/participants/{id_}")
    with staff_site.record.writing() as connection:
        assert (
            identities.link(connection, Address.parse("sms:+447700900555"), code.replace("-", ""), NOW).participant_id
            == id_
        )
    assert [e.actor for e in audited(staff_site, "link code issued")] == ["staff:1"]


def test_a_pin_is_reset_after_a_question(staff_site):
    linked(staff_site, "P00")
    visitor, id_ = staff_site.signed_in(), person(staff_site, "P00")
    page = visitor.text(f"/staff/participants/{id_}")
    assert "Text message, since Tue 24 Nov 2026" in page
    assert "PIN Chosen" in page
    assert "Reset the PIN of Ada Invented?" in visitor.text(f"/staff/participants/{id_}/reset-pin")
    response = visitor.post(f"/staff/participants/{id_}/reset-pin", {})
    assert "Link code for Ada Invented" in words(response.text)
    assert row(staff_site, select(pin)) is None
    assert row(staff_site, select(channel_identity)) is None


def test_links_are_forgotten_after_a_question(staff_site):
    linked(staff_site, "P00")
    visitor, id_ = staff_site.signed_in(), person(staff_site, "P00")
    assert "No telephone or chat is linked" in visitor.follow(f"/staff/participants/{id_}/unlink", {})
    assert row(staff_site, select(channel_identity)) is None
    assert "Nothing is linked." in visitor.text(f"/staff/participants/{id_}/unlink")


@pytest.mark.on_each_database
def test_req_33_a_person_is_removed_by_a_manager_who_types_the_reference(staff_site):
    id_ = person(staff_site, "P00")
    assert staff_site.signed_in("facilitator").get(f"/staff/participants/{id_}/remove").status_code == 403
    visitor = staff_site.signed_in("manager")
    response = visitor.post(f"/staff/participants/{id_}/remove", {"reference": "P01"})
    assert "That is not this person’s reference" in words(response.text)
    assert "is removed" in visitor.follow(f"/staff/participants/{id_}/remove", {"reference": "P00"})
    assert person(staff_site, "P00") is None
    assert visitor.get(f"/staff/participants/{id_}").status_code == 404
    assert audited(staff_site, "participant removed")[0].actor == "staff:2"


def reported(staff_site, reference="P00", number=13, text="I have a hospital appointment"):
    with staff_site.record.writing() as connection:
        repository.report_absence(
            connection, enrolment_of(staff_site, reference), session_of(staff_site, "Evening A", number), text, NOW
        )
    return "/staff/absences/1"


@pytest.mark.on_each_database
def test_an_absence_is_decided_and_the_person_told_neutrally(staff_site):
    linked(staff_site, "P00")
    path, visitor = reported(staff_site), staff_site.signed_in()
    assert "“I have a hospital appointment”" in visitor.text("/staff/absences")
    page = visitor.follow(path, {"outcome": "AAME", "tell": "y"})
    assert "The decision is saved, and a message is on its way." in page
    assert "No absence is waiting" in page
    sent = row(staff_site, select(outbox))
    text = OutboundMessage.from_json(sent.content).text
    assert (sent.channel, sent.address) == ("twilio", "+447700900555")
    assert text.startswith("What you wrote about Tuesday 24 November has been read.")
    assert not re.search(r"session|group|programme|absence|acceptable", text, re.I)
    assert (
        row(
            staff_site,
            select(attendance.c.outcome).where(
                attendance.c.enrolment_id == enrolment_of(staff_site, "P00"),
                attendance.c.session_id == session_of(staff_site, "Evening A", 13),
            ),
        ).outcome
        == "AAME"
    )
    assert audited(staff_site, "absence decided")[0].detail == "session 13: AAME"
    assert audited(staff_site, "notice sent")[0].detail == "absence_read by sms"


def test_a_person_who_opted_out_is_not_written_to(staff_site):
    linked(staff_site, "P00")
    with staff_site.record.writing() as connection:
        identities.stop(connection, Address.parse("sms:+447700900555"), NOW)
    path, visitor = reported(staff_site), staff_site.signed_in()
    assert "Nothing is linked to Ada Invented that can be written to" in visitor.text(path)
    assert "The decision is saved." in visitor.follow(path, {"outcome": "AAME", "tell": "y"})
    assert row(staff_site, select(outbox)) is None


def test_a_decision_can_be_left_to_the_register_and_is_made_once(staff_site):
    path, visitor = reported(staff_site), staff_site.signed_in()
    response = visitor.post(path, {})
    assert "Choose what should be recorded" in response.text
    other = staff_site.signed_in("manager")
    token = re.search(r'name="form_token" value="([^"]+)"', other.get(path).text)[1]
    visitor.follow(path, {"outcome": "later"})
    assert (
        row(
            staff_site,
            select(func.count()).select_from(audit_entry).where(audit_entry.c.action == "attendance recorded"),
        )[0]
        == 0
    )
    response = other.client.post(path, data={"outcome": "UAAB", "form_token": token})
    assert "Somebody else had decided" in other.text(response.headers["location"])


def test_what_was_added_and_taken_back_is_seen(staff_site):
    path, visitor = reported(staff_site), staff_site.signed_in()
    own = (enrolment_of(staff_site, "P00"), session_of(staff_site, "Evening A", 13))
    visitor.follow(path, {"outcome": "later"})
    assert "No absence is waiting" in visitor.text("/staff/absences")
    with staff_site.record.writing() as connection:
        reported_absences.add_reason(connection, *own, "because my mum is ill")
        reported_absences.withdraw(connection, *own, NOW)
    for page in ("/staff/absences", path):
        said = visitor.text(page)
        assert "“I have a hospital appointment”" in said
        assert "Added later: “because my mum is ill”" in said
        assert "Taken back Says that they come." in said
    assert "Taken back" in visitor.text("/staff")
    assert "took it back" in visitor.text(f"/staff/sessions/{own[1]}/register")
    assert "taken back: says that they come" in visitor.text(f"/staff/participants/{person(staff_site, 'P00')}")
    assert "No absence is waiting" in visitor.follow(path, {"outcome": "later"})


def test_an_absence_of_another_office_is_not_found(staff_site):
    path = reported(staff_site)
    visitor = staff_site.signed_in("elsewhere")
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"outcome": "UAAB"}, "/staff").status_code == 404
    assert "No absence is waiting" in visitor.text("/staff/absences")


def test_the_sheet_with_a_link_code_says_where_to_use_it_and_the_reference(staff_site):
    from bot.settings import Settings
    from tests.support.staff_desk import Served

    path = f"/staff/participants/{person(staff_site, 'P00')}"
    page = words(staff_site.signed_in().post(f"{path}/link-code", {}, path).text)
    assert "Your reference is P00" in page
    assert "“My dates”, then “This is my first time: I have a link code”" in page
    assert "text message" not in page.partition("How to use the code")[2], "nothing can be texted here"
    assert "t.me" not in page
    gateway = {"kannel_url": "http://127.0.0.1:1", "sms_sender": "+447700900100", "telegram_token": "1:a"}
    for values, told in (({}, "+447700900100"), ({"sms_number": "07700 900123"}, "07700 900123")):
        served = Served(staff_site.record, settings=Settings(**gateway, **values, telegram_name="office_example_bot"))
        page = words(served.signed_in().post(f"{path}/reset-pin", {}).text)
        assert f"send the code to {told}" in page
        assert "t.me/office_example_bot" in page
    assert Settings(sms_sender="+447700900100").text_to == ""
    assert Settings(kannel_url="x", sms_sender="Office").text_to == ""
