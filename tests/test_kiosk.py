"""The screen in the waiting room, as people use it: in a real browser, and by its requests."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import listening
from screen import screen
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from bot.database.engine import DatabaseError
from bot.mailbox.spool import Spool
from bot.mailbox.tables import alert, outbox
from bot.messages import Parcel
from bot.records import identities, repository
from bot.records.tables import audit_entry, feedback, question
from bot.web.kiosk import chat, shown, sign_in
from bot.web.kiosk.visits import IDLE

PIN = "580417"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PAGES = ("/", "/sign-in", "/first-time", "/mine")


@pytest.fixture
def served(bot, record, tmp_path):
    application, clock, service = screen(bot, record, Spool(tmp_path / "spool", record.keyring))
    with TestClient(application, follow_redirects=False) as client:
        client.clock, client.service = clock, service
        yield client


def person(record, reference="P00"):
    """Make somebody who has never signed in; return his id and link code."""
    now = datetime.now(UTC)
    with record.writing() as connection:
        found = repository.participant_id(connection, reference)
        identities.reset_pin(connection, found, "test", now)
        return found, identities.issue_code(connection, found, "test", now)


def post(client, path, page="/", **fields):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"form_token": token} | fields)


def first_time(client, code, pin=PIN):
    return post(client, "/first-time", "/first-time", code=code, pin=pin, again=pin)


def signs_in(client, reference="P00", pin=PIN):
    return post(client, "/sign-in", "/sign-in", reference=reference, pin=pin)


# Signing in


def test_the_first_time_with_a_code_and_then_with_reference_and_pin(served, record):
    _, code = person(record)
    assert served.get("/mine").headers["location"] == "/sign-in"
    assert first_time(served, code).headers["location"] == "/mine"
    assert "Your sessions so far" in served.get("/mine").text
    post(served, "/end")
    assert served.get("/mine").headers["location"] == "/sign-in"
    assert signs_in(served).headers["location"] == "/mine"
    assert served.get("/mine").status_code == 200


def test_wrong_reference_wrong_pin_and_too_soon_are_one_and_the_same(served, record):
    _, code = person(record)
    first_time(served, code)
    post(served, "/end")
    said = [signs_in(served, "NOBODY"), signs_in(served, pin="111222")]
    for _ in range(4):
        said.append(signs_in(served, pin="111222"))
    said.append(signs_in(served))  # right, and too soon
    assert {response.status_code for response in said} == {403}
    assert len({re.sub(r'value="[^"]*"', "", response.text) for response in said}) == 1
    assert sign_in.WRONG in said[0].text


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"code": "", "pin": PIN, "again": PIN}, "Enter the code"),
        ({"code": "4ABC7XYZ", "pin": "12", "again": "12"}, "Enter six digits"),
        ({"code": "4ABC7XYZ", "pin": "123456", "again": "123456"}, "harder to guess"),
        ({"code": "4ABC7XYZ", "pin": PIN, "again": "999999"}, "not the same"),
    ],
)
def test_what_is_wrong_with_a_first_time_is_said(served, fields, part):
    response = post(served, "/first-time", "/first-time", **fields)
    assert response.status_code == 400
    assert part in response.text
    assert PIN not in response.text


def test_who_guesses_codes_or_pins_is_stopped(served):
    statuses = [signs_in(served, f"X{n}").status_code for n in range(31)]
    assert statuses[-1] == 429


def test_looking_at_the_own_record_is_in_the_audit_trail(served, record):
    who, code = person(record)
    first_time(served, code)
    served.get("/mine")
    with record.reading() as connection:
        rows = connection.execute(select(audit_entry.c.action).where(audit_entry.c.participant_id == who)).scalars()
        assert "looked at the own record" in list(rows)


# A visit ends


def test_req_32_a_visit_that_nobody_touches_for_two_minutes_is_over(served, record):
    _, code = person(record)
    first_time(served, code)
    for _ in range(3):  # it goes on for as long as somebody is there
        served.clock.ahead = (served.clock.ahead or timedelta(0)) + IDLE - timedelta(seconds=5)
        assert served.get("/mine").status_code == 200
    served.clock.ahead += IDLE + timedelta(seconds=1)
    assert served.get("/mine").headers["location"] == "/sign-in"


def test_req_32_the_next_visitor_goes_on_with_nothing_of_the_last_one(served, record):
    _, code = person(record)
    first_time(served, code)
    served.post("/messages", json={"text": "what times are the evening sessions"})
    post(served, "/end")
    answer = served.post("/messages", json={"text": "when is my next session"}).json()
    assert "know who you are" in answer["replies"][0]["text"]
    alone = served.post("/messages", json={"text": "no, the day one"}).json()
    assert alone["topic"] != "session_times"


def test_req_33_a_removed_participant_is_out_at_once(served, record, tmp_path, empty_record):
    from bot.records import demo

    now = datetime.now(UTC)
    with empty_record.writing() as connection:
        reference, code = demo.fill(connection, "isotp", now)[0]
    with empty_record.writing() as connection:
        where = f"screen:{'x' * 43}"
        identities.link(connection, where, code.replace("-", ""), now)
        repository.remove(connection, repository.participant_id(connection, reference), "test", now)
        assert identities.speaker(connection, where, now).participant_id is None
        assert not identities.sign_in(connection, where, reference, PIN, now, IDLE)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_kept_nowhere(served, record, path):
    _, code = person(record)
    first_time(served, code)
    response = served.get(path)
    assert response.headers["cache-control"] == "no-store"
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


# Answers


def test_an_answer_that_did_not_help_is_kept_with_its_question(served, record):
    with record.writing() as connection:
        connection.execute(delete(feedback))
        connection.execute(delete(question))
    post(served, "/helpful", topic="missed_session", helped="yes", question="what if i miss")
    post(served, "/helpful", topic="missed_session", helped="no", question="what if i miss")
    with record.reading() as connection:
        assert connection.execute(select(feedback.c.helpful)).scalars().all() == [True, False]
        rows = connection.execute(select(question.c.topic, question.c.why, question.c.text)).all()
    assert [tuple(row) for row in rows] == [("missed_session", "unhelpful", "what if i miss")]
    assert post(served, "/helpful", topic="nonsense", helped="no").status_code == 400


def test_a_question_is_kept_no_longer_than_messages_are(served, record):
    with record.writing() as connection:
        connection.execute(delete(feedback))
        connection.execute(delete(question))
    post(served, "/helpful", topic="missed_session", helped="no", question="what if i miss")
    with record.writing() as connection:
        served.service._forget(connection, datetime.now(UTC) - timedelta(days=1))
        assert connection.execute(select(question.c.text)).scalars().all() == ["what if i miss"]
        served.service._forget(connection, datetime.now(UTC) + timedelta(days=1))
        assert connection.execute(select(question.c.text)).scalars().all() == []
        assert connection.execute(select(feedback.c.helpful)).scalars().all() == [False]


def test_a_code_of_somebody_who_has_a_pin_opens_nothing_without_it(served, record):
    who, code = person(record)
    first_time(served, code)
    post(served, "/end")
    with record.writing() as connection:
        another = identities.issue_code(connection, who, "test", datetime.now(UTC))
    assert first_time(served, another, "806142").status_code == 403
    answer = served.post("/messages", json={"text": "when is my next session"}).json()
    assert "know who you are" in answer["replies"][0]["text"], "and the screen is nobody's"


def test_an_answer_goes_to_the_own_phone_in_the_words_of_a_text_message(served, record):
    who, code = person(record)
    first_time(served, code)
    assert not served.post("/messages", json={"text": "what if i miss a session"}).json()["sendable"]
    now = datetime.now(UTC)
    with record.writing() as connection:
        phone = identities.issue_code(connection, who, "test", now)
        identities.link(connection, "sms:+447700900555", phone.replace("-", ""), now)
    assert served.post("/messages", json={"text": "what if i miss a session"}).json()["sendable"]
    assert "on its way" in post(served, "/send", topic="missed_session").text
    with record.reading() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.address_hash == "+447700900555")).all()
    assert "catch-up" in Parcel.from_json(rows[0].content).text
    assert rows[0].channel == "kannel"
    post(served, "/end")
    assert "could not be sent" in post(served, "/send", topic="missed_session").text


def test_req_41_danger_at_the_screen_is_kept_for_staff_before_it_is_answered(served, record):
    who, code = person(record)
    first_time(served, code)
    with record.writing() as connection:
        connection.execute(delete(alert))
    assert "116 123" in served.post("/messages", json={"text": "i want to kill myself"}).json()["replies"][0]["text"]
    with record.reading() as connection:
        row = connection.execute(select(alert)).one()
    assert (row.topic, row.channel, row.participant_id) == ("crisis", "screen", who)


def test_with_the_database_down_danger_is_answered_and_the_alert_waits(served, record, monkeypatch, tmp_path):
    async def down(work):
        raise DatabaseError("down")

    monkeypatch.setattr(served.service._writes, "write", down)
    answer = served.post("/messages", json={"text": "i want to kill myself"}).json()
    assert "116 123" in answer["replies"][0]["text"]
    assert (tmp_path / "spool").stat().st_size > 0


def test_a_question_from_a_page_that_was_open_for_too_long_is_answered_as_a_strangers(served, record):
    _, code = person(record)
    first_time(served, code)
    response = served.post("/", data={"text": "when is my next session", "form_token": "old"})
    assert "know who you are" in response.text
    for path in ("/helpful", "/send", "/look", "/end", "/sign-in", "/first-time"):
        assert served.post(path, data={"form_token": "old"}).headers["location"] == "/"


def test_every_topic_of_the_leaflet_can_be_tapped():
    from bot.replies import wording

    words = wording.load("isotp", "en")
    titles = [title for _, topics in chat.sections(words, shown.load(words)) for title, _ in topics]
    leaflet = [t for t in words.topics() if words.section(t) and words.title(t)]
    assert len(titles) == len(set(titles)) == len(leaflet) == 36


# In a browser


@pytest.fixture(scope="module")
def address(bot, record):
    with listening(screen(bot, record)[0]) as address:
        yield address


SIZES = {"desktop": (1280, 800), "kiosk": (1080, 1920), "phone": (390, 844)}


@pytest.fixture(params=[(size, script) for size in SIZES for script in (True, False)], ids=lambda p: f"{p[0]} {'with' if p[1] else 'without'} JavaScript")  # fmt: skip
def page(browser, address, request):
    size, script = request.param
    width, height = SIZES[size]
    context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def sign_in_by_hand(page, record, address):
    _, code = person(record)
    page.goto(f"{address}/sign-in")
    page.get_by_role("link", name="This is my first time").click()
    page.get_by_label("Your link code").fill(code)
    page.get_by_label("Choose a PIN", exact=True).fill(PIN)
    page.get_by_label("The same PIN again", exact=True).fill(PIN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your dates").wait_for()


def test_somebody_signs_in_sees_his_dates_and_clears_the_screen(page, record, address):
    sign_in_by_hand(page, record, address)
    assert page.locator(".dots .dot").count() == 35
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if page.viewport_size else True
    page.get_by_role("button", name="Sign out and clear").click()
    page.get_by_role("heading", name="Ask a question").wait_for()
    page.go_back()
    page.wait_for_load_state()
    assert page.locator(".dots").count() == 0
    page.goto(f"{address}/mine")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_topic_is_tapped_and_said_to_be_helpful(page):
    page.get_by_text("What happens if I do not attend?").first.click()
    page.get_by_role("button", name="Missing a session").click()
    page.locator(".reply", has_text="catch-up").wait_for()
    page.locator(".helpful").get_by_role("button", name="Yes").click()
    page.get_by_text("Thank you.").wait_for()


def test_larger_text_and_high_contrast_stay_until_the_screen_is_cleared(page):
    page.get_by_role("button", name="High contrast").click()
    page.locator("body.look-contrast").wait_for()
    page.get_by_role("button", name="Larger text").click()
    page.locator("body.look-contrast.look-large").wait_for()
    page.get_by_role("button", name="Clear the screen").click()
    page.locator("body:not(.look-contrast):not(.look-large)").wait_for()


def test_req_45_no_page_has_a_fault_that_axe_finds(browser, address, record):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found = []

    def check(name):
        page.add_script_tag(path=str(AXE))
        for fault in page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")["violations"]:  # fmt: skip
            found.append((name, fault["id"], [node["target"] for node in fault["nodes"]]))

    sign_in_by_hand(page, record, address)
    for look in ("", "High contrast", "Larger text"):
        if look:
            page.get_by_role("button", name=look).click()
            page.wait_for_load_state()
            page.locator("[aria-pressed=true]", has_text=look).wait_for()
        for path in PAGES:
            page.goto(address + path)
            check(f"{path} {look}")
    page.goto(address)
    page.get_by_label("Your question").fill("what if i miss a session")
    page.keyboard.press("Enter")
    page.locator(".reply").first.wait_for()
    check("an answer")
    context.close()
    assert found == []


def test_req_45_everything_is_reached_with_the_keyboard_alone(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Your question").focus()
    page.keyboard.type("what are the rules")
    page.keyboard.press("Enter")
    page.locator(".reply").first.wait_for()
    assert page.locator("#talk").get_attribute("aria-live") == "polite"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    assert {"Ask", "What are my rights?", "My dates", "Larger text", "Clear the screen"} <= reached
    context.close()


def test_req_32_an_idle_screen_warns_and_clears_itself(browser, address, record):
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    sign_in_by_hand(page, record, address)
    page.clock.fast_forward(95_000)
    assert not page.get_by_text("Are you still there?").is_visible()
    page.clock.fast_forward(10_000)
    page.get_by_text("Are you still there?").wait_for()
    page.get_by_role("button", name="Yes, I am still here").click()
    page.clock.fast_forward(95_000)
    assert page.locator(".dots").count() == 1
    page.clock.fast_forward(10_000)
    page.get_by_text("Are you still there?").wait_for()
    page.clock.run_for(21_000)
    page.get_by_role("heading", name="Ask a question").wait_for()
    page.go_back()
    assert page.locator(".dots").count() == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def test_a_screen_that_lost_the_network_says_so_and_recovers_by_itself(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.route("**/health/live", lambda route: route.fulfill(status=200, json={"live": True}))
    context.set_offline(True)
    page.get_by_text("This screen has lost its connection").wait_for()
    context.set_offline(False)
    page.get_by_text("This screen has lost its connection").wait_for(state="hidden", timeout=15_000)
    context.close()


def test_the_first_load_is_small(browser, address):
    context = browser.new_context()
    page = context.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(sum(request.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))))  # fmt: skip
    page.goto(address, wait_until="networkidle")
    context.close()
    assert 0 < sum(sizes) < 150_000
