"""The chat page in a real browser, with and without JavaScript, and its requests without one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from bot.records.access import identities
from bot.records.participants import repository
from bot.web.body import MAX_BODY
from bot.web.headers import HEADERS
from tests.support.kiosk import screen
from tests.support.serving import listening

MISSED = "What if I miss a session?"


@pytest.fixture(scope="module")
def address(bot, record):
    """Serve the page on a free port, in a thread of its own."""
    with listening(screen(bot, record)[0]) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser, address, request):
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    assert faults == []


def ask(page, text):
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_a_typed_question_is_answered_with_its_leaflet_section(page):
    ask(page, "wot if i mis a sesion")
    reply = page.locator(".reply").last
    reply.wait_for()
    assert "catch-up" in reply.inner_text()
    assert "From the leaflet: What happens if I do not attend?" in reply.inner_text()
    assert page.locator(".asked").last.inner_text().endswith("wot if i mis a sesion")


def test_a_tapped_starter_is_answered(page):
    page.get_by_role("button", name=MISSED).click()
    page.locator(".reply").last.wait_for()
    assert "catch-up" in page.locator(".reply").last.inner_text()


def test_did_you_mean_offers_buttons_and_a_tap_answers(page, unsure):
    ask(page, unsure)
    offered = page.locator(".reply .options button")
    offered.first.wait_for()
    assert 3 <= offered.count() <= 4
    assert offered.last.inner_text() == "None of these"
    before = page.locator(".reply").last.inner_text()
    offered.first.click()
    page.wait_for_function(
        "before => { const r = [...document.querySelectorAll('.reply')].at(-1); return r && r.innerText !== before }",
        arg=before,
    )
    assert page.locator(".reply .section").count() >= 1 or "link code" in page.locator(".reply").last.inner_text()


def test_a_follow_up_is_understood_after_the_answer_before_it(page):
    ask(page, "what times are the sessions")
    page.get_by_text("Evening: between 6pm and 8pm").wait_for()
    ask(page, "and the day ones?")
    page.locator(".asked", has_text="the day ones").wait_for()
    page.get_by_text("Day: between 10am and 3pm").last.wait_for()


def test_a_crisis_message_shows_the_help_lines(page):
    ask(page, "i dont want to live any more")
    page.locator(".reply", has_text="116 123").wait_for()


def test_the_question_box_works_by_keyboard_alone(page):
    page.get_by_label("Your question").focus()
    page.keyboard.type("is there a break")
    page.keyboard.press("Enter")
    page.locator(".reply", has_text="refreshments").wait_for()


def test_markup_in_a_question_is_shown_as_text(page):
    ask(page, "<b>what</b> if i miss a session <script>alert(1)</script>")
    page.locator(".reply").last.wait_for()
    assert "<b>what</b>" in page.locator(".asked").last.inner_text()


def test_a_reload_shows_nothing_of_the_talk(page, address):
    ask(page, "what if i miss a session")
    page.locator(".reply").last.wait_for()
    page.goto(address)
    assert page.locator(".reply").count() == page.locator(".asked").count() == 0


def test_a_lost_connection_is_said_and_the_question_is_kept(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    context.set_offline(True)
    ask(page, "what if i miss a session")
    page.get_by_text("That did not get through. Please try again.").wait_for()
    assert page.get_by_label("Your question").input_value() == "what if i miss a session"
    context.set_offline(False)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".reply", has_text="catch-up").wait_for()
    context.close()


@pytest.mark.parametrize("path", ["/", "/static/kiosk.js", "/static/kiosk.css", "/nothing-here"])
def test_every_response_carries_the_safety_headers(address, path):
    response = httpx.get(address + path)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_two_visitors_do_not_share_a_conversation(address):
    with httpx.Client(base_url=address) as one, httpx.Client(base_url=address) as two:
        one.post("/messages", json={"text": "hello"})
        two.post("/messages", json={"text": "hello"})
        assert one.cookies["conversation"] != two.cookies["conversation"]


@pytest.mark.parametrize("forged", ["short", "x" * 44, "../" + "x" * 40, "é" * 43])
def test_a_conversation_name_that_is_not_ours_is_replaced(address, forged):
    response = httpx.post(
        address + "/messages", json={"text": "hello"}, headers={"cookie": f"conversation={forged}".encode()}
    )
    assert response.status_code == 200
    assert response.cookies["conversation"] != forged


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400), (b"[]", 400), (b"{", 400), (b'{"text": 5}', 400), (b"\xff", 400), (b"null", 400),
        (b'{"text": "hi"}', 200), (b'{"text": "\\ud83d"}', 200), (b'{"text": ""}', 200), (b'{"text": "\\u0000"}', 200),
        (b'{"text": "' + b"x" * MAX_BODY + b'"}', 413), (b"[" * 20_000, 400),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_req_18_and_20_no_body_makes_a_server_error(address, content, status):
    response = httpx.post(address + "/messages", content=content, headers={"content-type": "application/json"})
    assert response.status_code == status
    if status != 200:
        assert "expected" in response.json()["error"]


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/a/tracker", "/webhook", "/model"]
)
def test_req_26_nothing_of_rasas_own_interface_can_be_reached(address, path):
    assert {httpx.request(method, address + path).status_code for method in ("GET", "POST", "PUT")} == {404}


@pytest.mark.parametrize("content", [b"", b"question=1", b"text=%ff%fe", b"text="])
def test_a_form_that_is_none_of_ours_is_refused_or_answered(address, content):
    response = httpx.post(address + "/", content=content, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code in (200, 400)


def test_many_visitors_at_once_each_get_their_answer(address):
    def visit(_):
        return httpx.post(address + "/messages", json={"text": MISSED}, timeout=60).json()["replies"][0]["text"]

    with ThreadPoolExecutor(30) as visitors:
        assert len(set(visitors.map(visit, range(30)))) == 1


def test_a_pin_is_not_left_on_the_screen_and_nothing_is_downloaded(page, record):
    with record.writing() as connection:
        person = repository.participant_id(connection, "P00")
        identities.unlink_all(connection, person, "test", datetime.now(UTC))
        identities.reset_pin(connection, person, "test", datetime.now(UTC))
        code = identities.issue_code(connection, person, "test", datetime.now(UTC))
    for secret, reply in ((code, "choose a PIN"), ("580417", "Your PIN is set")):
        ask(page, secret)
        page.get_by_text(reply).last.wait_for()
        assert secret not in page.content()
        assert page.locator(".asked").last.inner_text().endswith("••••••")
    ask(page, "what are my dates")
    page.locator(".reply", has_text="Your next dates").wait_for()
    assert page.locator("a[download], a[href^='data:']").count() == 0
