"""An absence reported at the screen: with its own two buttons, with and without JavaScript, and seen under "My dates"."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from bot.records.access import identities
from bot.records.attendance.tables import absence_report
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from tests.support.kiosk import screen
from tests.support.serving import listening

PIN = "580417"
WHEN = datetime(2026, 11, 28, 9, 0, tzinfo=LOCAL)
BUTTONS = ["Yes, tell staff", "No"]


@pytest.fixture
def code(record):
    """A link code of P00, who has no PIN yet; what P00 reports is forgotten afterwards."""
    with record.writing() as connection:
        found = repository.participant_id(connection, "P00")
        identities.reset_pin(connection, found, "test", WHEN)
        made = identities.issue_code(connection, found, "test", WHEN)
    yield made
    with record.writing() as connection:
        connection.execute(delete(absence_report))


@pytest.fixture
def application(bot, record, monkeypatch):
    """The screen and the bot behind it, on the same Saturday: the dates of the record do not go on with the calendar."""
    made, clock, _ = screen(bot, record)
    clock.ahead = WHEN - datetime.now(UTC)
    monkeypatch.setattr(bot, "_clock", clock)
    return made


@pytest.fixture
def client(application, code):
    with TestClient(application, follow_redirects=True) as client:
        post(client, "/first-time", "/first-time", code=code, pin=PIN, again=PIN)
        yield client


def post(client, path, page="/", **fields):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"form_token": token} | fields)


def ask(client, text):
    return client.post("/messages", json={"text": text}).json()


def noted(record):
    with record.reading() as connection:
        return repository.absence_reports(connection, repository.participant_id(connection, "P00"))


def test_the_script_gets_the_two_buttons_and_what_is_tapped_is_noted(client, record):
    asked = ask(client, "i wont be there on the 15th cos my mum is in hospital")
    assert [button["title"] for button in asked["replies"][-1]["buttons"]] == BUTTONS
    assert noted(record) == []
    ask(client, BUTTONS[0])
    assert [state for _, state, _ in noted(record)] == ["pending"]


def test_without_a_script_the_same_buttons_are_a_form(client, record):
    page = post(client, "/", text="i wont be there on the 15th").text
    assert [re.search(rf'name="text" value="{title}"', page) is not None for title in BUTTONS] == [True, True]
    assert "noted nothing" in post(client, "/", text=BUTTONS[1]).text
    assert noted(record) == []


def test_my_dates_say_what_was_told_until_it_is_taken_back(client):
    told = "You told us that you can’t come"
    assert told not in client.get("/mine").text
    for text in ("i cant come on tuesday", "yes"):
        ask(client, text)
    assert client.get("/mine").text.count(told) == 1
    for text in ("actually i can come now", BUTTONS[0]):
        ask(client, text)
    assert told not in client.get("/mine").text


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_visitor_taps_yes(browser, application, code, record, script):
    with listening(application) as address:
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto(f"{address}/first-time")
        page.get_by_label("Your link code").fill(code)
        page.get_by_label("Choose a PIN", exact=True).fill(PIN)
        page.get_by_label("The same PIN again", exact=True).fill(PIN)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="Your dates").wait_for()
        page.goto(address)
        page.get_by_label("Your question").fill("i cant come on tuesday")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_role("button", name=BUTTONS[0]).click()
        page.get_by_text("I have noted for staff").wait_for()
        context.close()
    assert [number for number, _, _ in noted(record)] == [14]
