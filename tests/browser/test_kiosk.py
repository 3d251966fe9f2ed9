"""The screen in the waiting room, as people use it: in a real browser, and by its requests."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from bot.alerts.alert_journal import AlertJournal
from bot.alerts.tables import alert
from bot.conversation import state_store
from bot.database.engine import DatabaseError
from bot.messages import Address, AddressKind, OutboundMessage
from bot.messaging.tables import outbox
from bot.records.access import identities
from bot.records.participants import repository
from bot.records.tables import audit_entry
from bot.retention.purge import Periods, purge_expired
from bot.review.tables import feedback, question
from bot.settings import Settings, SettingsError
from bot.topics.registry import LEAFLET
from bot.web.kiosk import chat, display_names, sign_in
from bot.web.kiosk.request import KioskRequest
from bot.web.kiosk.visits import IDLE
from tests.support.kiosk import PIN, first_time, person, post, screen, sign_in_by_hand
from tests.support.serving import listening
from tests.support.staff_pages import AXE

PAGES = ("/", "/sign-in", "/first-time", "/mine")


@pytest.fixture
def served(bot, record, tmp_path):
    application, clock, service = screen(bot, record, AlertJournal(tmp_path / "spool", record.keyring))
    with TestClient(application, follow_redirects=False) as client:
        client.clock, client.service = clock, service
        yield client


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


def told(response):
    return re.findall(r'<a href="#[a-z]+">([^<]+)</a>', response.text)


def test_a_reference_of_nobody_is_told_the_same_as_one_with_a_wrong_pin(served, record):
    """Also how long to wait: somebody's reference, one without a PIN and one that is nobody's are all alike."""
    _, code = person(record)
    first_time(served, code)
    post(served, "/end")
    person(record, "P02")  # has no PIN
    said = {reference: [] for reference in ("P00", "P02", "N0B0DY")}
    for seconds in (0, 0, 0, 1, 60, 1, 60):
        served.clock.ahead = (served.clock.ahead or timedelta(0)) + timedelta(seconds=seconds)
        for reference, heard in said.items():
            response = signs_in(served, reference, "111222")
            heard.append((response.status_code, told(response)))
    assert said["P00"] == said["P02"] == said["N0B0DY"]
    assert said["P00"][0] == (403, [f"{sign_in.WRONG}. Check both and try again. {sign_in.STAFF_CAN_RESET}"])
    assert "Wait 1 minute, then try again" in said["P00"][3][1][0]
    assert told(signs_in(served, "P00")) == told(signs_in(served, "N0B0DY", PIN)), "right, and too soon"


def test_after_ten_wrong_pins_only_staff_can_help_whoever_it_is(served, record):
    _, code = person(record)
    first_time(served, code)
    post(served, "/end")
    for _ in range(10):
        served.clock.ahead = (served.clock.ahead or timedelta(0)) + timedelta(hours=2)
        for reference in ("P00", "N0B0DY2"):
            signs_in(served, reference, "111222")
    served.clock.ahead += timedelta(days=2)
    assert told(signs_in(served, "P00")) == told(signs_in(served, "N0B0DY2", PIN))
    assert "no PIN works now" in told(signs_in(served, "P00"))[0]


@pytest.mark.parametrize("reference", ["p00", "P 00", "p-00", " P–00. "])
@pytest.mark.parametrize("pin", [PIN, "580 417", "58-04-17"])
def test_case_spaces_and_dashes_do_not_matter(served, record, reference, pin):
    _, code = person(record)
    assert first_time(served, code.lower(), pin).headers["location"] == "/mine"
    post(served, "/end")
    assert signs_in(served, reference, pin).headers["location"] == "/mine"


@pytest.mark.parametrize("pin", ["48291a", "abcdef", "no", "12345", "     ", "4829155", "482915x", "👍"])
def test_a_pin_with_anything_but_six_digits_is_told_so_once(served, pin):
    response = post(served, "/first-time", "/first-time", code="4ABC7XYZ", pin=pin, again=pin)
    assert response.status_code == 400
    assert len(told(response)) == 1
    assert "harder to guess" not in response.text


def test_a_pin_in_small_figures_is_the_digits_that_it_looks_like(served):
    response = post(served, "/first-time", "/first-time", code="4ABC7XYZ", pin="¹²³456", again="¹²³456")
    assert [("harder to guess" in one) for one in told(response)] == [True]


def test_who_forgot_the_pin_is_told_whom_to_ask_and_the_keyboard_has_digits(served):
    text = served.get("/sign-in").text
    assert "I forgot my PIN or my reference" in text
    assert 'inputmode="numeric"' in text
    assert 'aria-label="Show PIN"' in text
    assert "password" not in re.sub(r"govuk\S*|data-i18n\S*|type=\S+|class=\S+", "", text).lower()


def test_signing_in_changes_the_cookie(served, record):
    _, code = person(record)
    served.get("/sign-in")
    before = served.cookies["conversation"]
    first_time(served, code)
    assert served.cookies["conversation"] != before
    assert served.get("/mine").status_code == 200
    served.cookies.clear()
    assert served.get("/mine", headers={"cookie": f"conversation={before}"}).headers["location"] == "/sign-in"


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


def test_who_guesses_codes_or_pins_is_stopped_and_told_how_long(served):
    said = [signs_in(served, f"X{n}") for n in range(31)]
    assert [response.status_code for response in said[-2:]] == [403, 429]
    assert "Wait 10 minutes" in told(said[-1])[0]


# What goes wrong


@pytest.mark.parametrize("path", ["/", "/sign-in", "/first-time"])
def test_a_page_that_fails_says_so_and_leads_back(served, monkeypatch, path):
    async def fails(*arguments):
        raise RuntimeError("secret text")

    monkeypatch.setattr(KioskRequest, "page", fails)
    response = served.get(path)
    assert response.status_code == 500
    assert 'href="/"' in response.text
    assert "secret text" not in response.text


@pytest.mark.parametrize("path", ["/look", "/send", "/end", "/helpful", "/messages", "/no-such-page", "/sign-in/x"])
def test_an_address_that_shows_nothing_leads_back(served, path):
    response = served.get(path, headers={"accept": "text/html"})
    assert response.status_code in (404, 405)
    assert 'href="/"' in response.text
    assert response.headers["content-security-policy"]


def test_a_question_that_fails_is_told_in_the_words_of_the_page(bot, record, monkeypatch):
    application, _, service = screen(bot, record)

    async def fails(message, unit):
        raise RuntimeError("secret text")

    monkeypatch.setattr(service._answers, "to", fails)
    with TestClient(application, raise_server_exceptions=False) as client:
        response = client.post("/messages", json={"text": "hello"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.json()["error"]


def test_an_answer_that_fails_is_apologised_for(bot, record, monkeypatch):
    async def fails(message, unit):
        raise RuntimeError("secret text")

    monkeypatch.setattr(bot, "handle", fails)
    application, _, _ = screen(bot, record)
    with TestClient(application) as client:
        response = client.post("/messages", json={"text": "hello"})
    assert response.status_code == 200
    assert "secret" not in response.text
    assert response.json()["replies"][0]["text"]


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
    alone = served.post("/messages", json={"text": "and the day ones?"}).json()
    assert alone["helpful"] != "session_times"


def test_req_33_a_removed_participant_is_out_at_once(served, record, tmp_path, empty_record):
    from bot.records import demo

    now = datetime.now(UTC)
    with empty_record.writing() as connection:
        reference, code = demo.fill(connection, "isotp", now)[0]
    with empty_record.writing() as connection:
        where = Address(AddressKind.KIOSK, "x" * 43)
        identities.link(connection, where, code.replace("-", ""), now)
        repository.remove(connection, repository.participant_id(connection, reference), "test", now)
        assert identities.find_caller(connection, where, now).participant_id is None
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
        purge_expired(connection, datetime.now(UTC), Periods())
        assert connection.execute(select(question.c.text)).scalars().all() == ["what if i miss"]
        purge_expired(connection, datetime.now(UTC) + timedelta(days=31), Periods())
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
        identities.link(connection, Address.parse("sms:+447700900555"), phone.replace("-", ""), now)
    assert served.post("/messages", json={"text": "what if i miss a session"}).json()["sendable"]
    assert "on its way" in post(served, "/send", topic="missed_session").text
    with record.reading() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.address_hash == "+447700900555")).all()
    assert "catch-up" in OutboundMessage.from_json(rows[0].content).text
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
    titles = [title for _, topics in chat.sections(words, display_names.load(words)) for title, _ in topics]
    leaflet = [t for t in words.topics() if words.section(t) and words.title(t)]
    assert len(titles) == len(set(titles)) == len(leaflet) == len(LEAFLET) >= 36


# Two processes, and none that remembers


def test_a_follow_up_is_understood_by_another_process(bot, record, loop):
    """A process keeps nothing between two questions: what was said before is read from the database."""
    application = screen(bot, record)[0]
    with TestClient(application) as client:
        client.post("/messages", json={"text": "what times are the evening sessions"})
        said = client.post("/messages", json={"text": "and the day ones?"}).json()
    assert said["helpful"] == "session_times"
    with record.reading() as connection:
        assert state_store.load(connection, Address(AddressKind.KIOSK, client.cookies["conversation"])) is not None


def test_a_visit_that_went_on_at_another_process_goes_on_here(bot, record):
    (one, clock, _), (other, other_clock, _) = screen(bot, record), screen(bot, record)
    with TestClient(one, follow_redirects=False) as here, TestClient(other, follow_redirects=False) as there:
        _, code = person(record)
        first_time(here, code)
        there.cookies.set("conversation", here.cookies["conversation"], domain="testserver.local")
        for seconds in (80, 160, 240):
            other_clock.ahead = timedelta(seconds=seconds)
            assert there.get("/mine").status_code == 200
        clock.ahead = timedelta(seconds=300)
        assert here.get("/mine").status_code == 200
        clock.ahead = timedelta(seconds=480)
        assert here.get("/mine").headers["location"] == "/sign-in"


def test_with_the_database_away_a_question_is_answered_all_the_same(served, monkeypatch):
    async def down(self, work):
        raise DatabaseError("down")

    served.post("/messages", json={"text": "what times are the evening sessions"})
    monkeypatch.setattr("bot.database.engine.Database.write", down)
    monkeypatch.setattr("bot.database.engine.Database.read", down)
    for text, part in (("what times are the day sessions", "10am"), ("i want to kill myself", "116 123")):
        assert part in served.post("/messages", json={"text": text}).json()["replies"][0]["text"]


# Taking an answer along


def test_the_own_dates_go_to_the_own_phone_and_are_never_downloaded(served, record):
    who, code = person(record)
    first_time(served, code)
    assert "ask staff for a link code" in served.get("/mine").text
    now = datetime.now(UTC)
    with record.writing() as connection:
        phone = identities.issue_code(connection, who, "test", now)
        identities.link(connection, Address.parse("sms:+447700900556"), phone.replace("-", ""), now)
    answer = served.post("/messages", json={"text": "what are my dates"})
    assert answer.json()["sendable"] == "my_schedule"
    assert "calendar" not in answer.text
    assert "Send these dates to my phone" in served.get("/mine").text
    assert "on its way" in post(served, "/send", topic="my_schedule").text
    with record.reading() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.address_hash == "+447700900556")).all()
    sent = " ".join(OutboundMessage.from_json(row.content).text for row in rows)
    assert "Your next dates" in sent
    assert "more" not in sent
    post(served, "/end")
    assert "could not be sent" in post(served, "/send", topic="my_schedule").text


def test_the_own_dates_go_to_a_chat_with_a_calendar_file_that_a_later_one_moves(served, record):
    who, code = person(record)
    first_time(served, code)
    now = datetime.now(UTC)
    for address in ("telegram:4711", "sms:+447700900557"):
        with record.writing() as connection:
            link = identities.issue_code(connection, who, "test", now)
            identities.link(connection, Address.parse(address), link.replace("-", ""), now)
    for _ in range(2):
        assert "on its way" in post(served, "/send", topic="my_schedule").text
    with record.reading() as connection:
        sent = {
            a: connection.execute(select(outbox).where(outbox.c.address_hash == a)).all()
            for a in ("4711", "+447700900557")
        }
    files = [OutboundMessage.from_json(row.content).file for row in sent["4711"]]
    first, second = [
        {event["UID"]: event["SEQUENCE"] for event in Calendar.from_ical(f.content).walk("VEVENT")} for f in files
    ]
    assert first and first == second
    assert {(f.name, f.media_type) for f in files} == {("dates.ics", "text/calendar")}
    assert all(OutboundMessage.from_json(row.content).file is None for row in sent["+447700900557"])


def test_an_answer_that_did_not_help_leads_to_other_topics_and_a_person(served):
    told = post(served, "/helpful", topic="missed_session", helped="no", question="x").text
    assert "ask for the duty officer on" in told
    offered = re.findall(r'<button name="text" value="([^"]+)"', told.split('id="told"')[1].split("</form>")[0])
    assert len(offered) == display_names.NEAR
    script = client_post(served, topic="missed_session", helped="no", question="x").json()
    assert [one["text"] for one in script["buttons"]] == offered


def client_post(client, **fields):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/").text)[1]
    return client.post("/helpful", data={"form_token": token} | fields, headers={"accept": "application/json"})


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


# Names and HTTPS


def test_a_redirect_never_names_a_host(served):
    for path, leads_to in (
        ("/sign-in/", "/sign-in"),
        ("/staff/", "/staff"),
        ("http://testserver//evil.example/", "/evil.example"),
    ):
        response = served.get(path, headers={"host": "evil.example"})
        assert (response.status_code, response.headers["location"]) == (307, leads_to)
    assert served.get("/mine", headers={"host": "evil.example"}).headers["location"] == "/sign-in"


def test_over_https_cookies_and_pages_are_of_this_host_alone(bot, record, monkeypatch):
    monkeypatch.setattr(
        "tests.support.kiosk.Settings", lambda: Settings(secure_cookies=True, hosts=("bot.example.org",))
    )
    application = screen(bot, record)[0]
    with TestClient(application, "https://bot.example.org", follow_redirects=False) as client:
        response = client.get("/")
        assert response.headers["strict-transport-security"] == "max-age=31536000"
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-conversation=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie
        assert "__Host-look=large" in post(client, "/look", look="large").headers["set-cookie"]
        assert "look-large" in client.get("/").text
        _, code = person(record)
        assert first_time(client, code).headers["location"] == "/mine"
        assert client.get("/mine").status_code == 200
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("given", "secure"),
    [
        ({}, False),
        ({"LEAFLINE_PUBLIC_URL": "https://bot.example.org"}, True),
        ({"LEAFLINE_PUBLIC_URL": "https://bot.example.org", "LEAFLINE_SECURE_COOKIES": "no"}, False),
        ({"LEAFLINE_PUBLIC_URL": "http://bot.example.org"}, False),
    ],
)
def test_cookies_are_for_https_where_the_service_is_reached_by_it(given, secure):
    assert Settings.from_env(given).secure_cookies is secure


@pytest.mark.parametrize("hosts", ["", "bot.example.org:443", "https://bot.example.org", "a b", "*"])
def test_a_host_that_is_no_name_is_refused(hosts):
    with pytest.raises(SettingsError, match="HOSTS"):
        Settings.from_env({"LEAFLINE_HOSTS": hosts})
