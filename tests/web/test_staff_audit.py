"""The audit trail that managers search, and asking the bot as staff."""

import re

import pytest
from sqlalchemy import func, select

from bot.messages import Answer, Button, Reply
from bot.records.sessions.tables import programme_group
from bot.records.tables import audit_entry
from tests.support.staff_desk import Served, words
from tests.support.staff_records import person, row


@pytest.mark.on_each_database
def test_a_manager_finds_who_read_about_whom(staff_site):
    staff_site.signed_in().get(f"/staff/participants/{person(staff_site, 'P03')}")
    staff_site.signed_in("administrator").get(f"/staff/participants/{person(staff_site, 'P00')}")
    visitor = staff_site.signed_in("manager")
    page = visitor.text("/staff/audit")
    assert "Fay Invented Record read Don Invented" in page
    for condition, there, not_there in (
        ({"actor": "staff:1"}, "Don Invented", "Record read Ada Invented"),
        ({"action": "record read"}, "Record read", "Signed in "),
        ({"reference": "P00"}, "Record read Ada Invented", "Don Invented"),
        ({"first": "2026-11-25"}, "0 entries", "Record read Ada"),
        ({"first": "2026-11-24", "last": "2026-11-24"}, "Don Invented", "0 entries"),
        ({"reference": "nobody"}, "0 entries", "Don Invented"),
    ):
        page = words(visitor.post("/staff/audit", condition).text).partition("Search")[2]
        assert there in page
        assert not_there not in page


@pytest.mark.on_each_database
def test_another_office_sees_nothing_of_it(staff_site):
    staff_site.signed_in().get(f"/staff/participants/{person(staff_site, 'P03')}")
    page = staff_site.signed_in("elsewhere").text("/staff/audit").partition("Search")[2]
    assert "Fay Invented" not in page
    assert "Don Invented" not in page
    assert "Eve Invented Signed in" in page


def test_a_facilitator_does_not_search_the_trail(staff_site):
    visitor = staff_site.signed_in()
    assert visitor.get("/staff/audit").status_code == 403
    assert "Audit" not in visitor.text("/staff")


def test_many_entries_come_in_pages(staff_site):
    with staff_site.record.writing() as connection:
        for n in range(120):
            values = {"at": staff_site.now, "actor": "staff:1", "action": "invented", "detail": f"number {n}"}
            connection.execute(audit_entry.insert().values(**values))
    visitor = staff_site.signed_in("manager")
    page = visitor.post("/staff/audit", {"action": "invented", "page": "3"}).text
    assert "120 entries, page 3" in words(page)
    assert "number 0" in page
    assert 'value="2"' in page
    assert visitor.post("/staff/audit", {"page": "x" * 9}).status_code == 200


@pytest.mark.parametrize(
    ("actor", "action", "detail", "by", "said"),
    [
        ("staff:1", "attendance recorded", "session 13: none to AAME", "Fay Invented",
         "session 13: to be confirmed to absent, acceptable: medical"),
        ("staff:1", "alert closed", "alert 4: spoke_to_them", "Fay Invented", "alert 4: spoke to them"),
        ("staff:1", "alert handed over", "alert 4: to staff:2", "Fay Invented", "alert 4: to Max Invented"),
        ("staff:1", "notice sent", "date_moved by sms", "Fay Invented", "that a session is moved, by text message"),
        ("staff:1", "session moved", "session 3 of group {group}", "Fay Invented", "session 3 of group Evening A"),
        ("staff:1", "questions approved", "proposal 3, missed_session", "Fay Invented",
         "proposal 3, Missing a session"),
        ("staff:1", "questions proposed", "out_of_scope", "Fay Invented", "Outside the leaflet"),
        ("staff:1", "staff added", "staff:3 administrator", "Fay Invented", "Ada Invented (administrator)"),
        ("staff:1", "staff removed", "staff:99", "Fay Invented", "somebody who has left"),
        ("the service", "alert escalated", "alert 4: first duty phone", "The service", "alert 4: first duty phone"),
    ],
)  # fmt: skip
def test_an_entry_is_in_words_not_in_codes(staff_site, actor, action, detail, by, said):
    with staff_site.record.writing() as connection:
        group = connection.execute(select(programme_group.c.id).where(programme_group.c.name == "Evening A")).scalar()
        values = {"at": staff_site.now, "actor": actor, "action": action, "detail": detail.format(group=group)}
        connection.execute(audit_entry.insert().values(**values))
    visitor = staff_site.signed_in("manager")
    page = words(visitor.post("/staff/audit", {"action": action}).text).partition("Search")[2]
    assert f"{by} {action[:1].upper()}{action[1:]} {said}" in page


@pytest.mark.parametrize("day", ["soon", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said_in_words(staff_site, day):
    response = staff_site.signed_in("manager").post("/staff/audit", {"last": day})
    assert response.status_code == 400
    assert "Enter a day" in response.text


def test_the_bot_is_asked_and_nobody_is_named(staff_site):
    asked = []

    async def handle(message):
        asked.append(message)
        return Answer(
            (Reply("Tell the office.", "What happens if I do not attend?", (Button("Rules", "what are the rules"),)),),
            ("missed_session",),
        )

    staff_site = Served(staff_site.record, handle)
    visitor = staff_site.signed_in()
    page = words(visitor.post("/staff/ask", {"text": "what if I miss one"}).text)
    assert "Tell the office. From the leaflet: What happens if I do not attend?" in page
    assert "As a text message" in page
    assert "Rules" in page
    assert re.fullmatch(r"desk:[\w-]{22}", asked[0].conversation)
    assert asked[0].acting_as is None
    visitor.post("/staff/ask", {"text": "another"})
    assert asked[0].conversation != asked[1].conversation


def test_nothing_is_asked_without_a_question_or_by_a_stranger(staff_site):
    asked = []

    async def handle(message):
        asked.append(message)
        return Answer(())

    staff_site = Served(staff_site.record, handle)
    assert "Enter a question" in staff_site.signed_in().post("/staff/ask", {"text": " "}).text
    assert "at most 500 characters" in staff_site.signed_in().post("/staff/ask", {"text": "x" * 501}).text
    assert staff_site.visitor().post("/staff/ask", {"text": "hello"}, "/staff/sign-in").status_code == 303
    assert asked == []


def test_every_action_is_short_enough_for_its_column(staff_site):
    assert row(staff_site, select(func.max(func.length(audit_entry.c.action))))[0] <= 40
