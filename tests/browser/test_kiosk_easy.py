"""Easy words at the screen: turned on and off over the same answer, read aloud, sent, forgotten with the visit."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.database.engine import DatabaseError
from bot.messages import Address, InboundMessage, OutboundMessage, ReplyFormat
from bot.messaging.tables import outbox
from bot.records.access import identities
from bot.records.participants.participant_record import LOCAL
from bot.replies import wording
from bot.replies.wording import ResponseCatalog
from bot.settings import Settings
from bot.web.kiosk import chat, display_names
from bot.web.kiosk.display_options import ASK_AGAIN
from bot.web.kiosk.visits import IDLE
from tests.support.kiosk import PIN, first_time, person, post, screen, sign_in_by_hand
from tests.support.serving import listening
from tests.support.staff_pages import AXE

WORDS = wording.load("isotp", "en")
ASKED = "what if i miss a session"


def said(topic, reply_format, **values):
    return WORDS.text(topic, reply_format, **Settings().office, **values)


EASY, PLAIN = said("missed_session", ReplyFormat.EASY), said("missed_session", ReplyFormat.SCREEN)


@pytest.fixture
def served(bot, record):
    application, clock, _ = screen(bot, record)
    with TestClient(application, follow_redirects=False) as client:
        client.clock = clock
        yield client


def asks(client, text=ASKED):
    return client.post("/messages", json={"text": text}).json()


def texts(answer):
    return [reply["text"] for reply in answer["replies"]]


def shown_in(response):
    """Return a page's text as people see it, in which a link is its words."""
    return html.unescape(re.sub(r"</?a\b[^>]*>", "", response.text))


# By requests


def test_easy_words_are_for_every_answer_of_the_visit_and_for_no_other(served):
    assert texts(asks(served)) == [PLAIN]
    post(served, "/look", look="easy")
    assert texts(asks(served)) == [EASY]
    assert texts(asks(served, "what are the rules")) == [said("rules", ReplyFormat.EASY)]
    post(served, "/end")
    assert texts(asks(served)) == [PLAIN]


def test_what_was_chosen_ends_with_a_visit_that_ends_by_itself(served):
    post(served, "/look", look="easy")
    post(served, "/look", look="large")
    assert "look-large look-easy" in served.get("/").text
    served.clock.ahead = IDLE + timedelta(seconds=1)
    page = served.get("/")
    assert "look-easy" not in page.text
    assert "look-large" not in page.text
    assert 'look=""' in page.headers["set-cookie"], "the browser is told to forget it"
    assert texts(asks(served)) == [PLAIN]


def test_a_question_after_the_end_of_a_visit_is_answered_in_nobodys_easy_words(served):
    post(served, "/look", look="easy")
    served.clock.ahead = IDLE + timedelta(seconds=1)
    assert texts(asks(served)) == [PLAIN]
    assert texts(asks(served)) == [PLAIN], "and the one after that"


@pytest.mark.parametrize("chosen", ["", "loud", "easy.large", "EASY"])
def test_a_look_that_there_is_not_is_refused(served, chosen):
    assert post(served, "/look", look=chosen).status_code == 400


def test_only_wordings_that_there_are_can_be_had_again(served):
    token = re.search(r'name="form_token" value="([^"]+)"', served.get("/").text)[1]
    fields = {"form_token": token, "look": "easy", "again": "missed_session nothing ../etc {contact_name}"}
    body = served.post("/look", data=fields, headers={"accept": "application/json"}).json()
    assert body == {"looks": ["easy"], "texts": {"missed_session": EASY}}


def test_markup_that_comes_back_with_a_look_is_shown_as_text(served):
    response = post(served, "/look", look="easy", again="missed_session", asked="<script>alert(1)</script>")
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text


def test_danger_is_answered_in_easy_words_with_the_numbers_first_and_asks_for_no_opinion(served):
    post(served, "/look", look="easy")
    answer = asks(served, "i want to kill myself")
    assert texts(answer) == [said("crisis", ReplyFormat.EASY)]
    assert answer["helpful"] is None
    page = post(served, "/look", look="easy", again="crisis", asked="i want to kill myself", topic="")
    assert said("crisis", ReplyFormat.SCREEN) in shown_in(page)
    assert "Was this helpful?" not in page.text


def test_an_own_answer_is_in_easy_words_and_is_not_asked_again_when_they_are_turned_off(served, record):
    _, code = person(record, "P07")
    first_time(served, code)
    post(served, "/look", look="easy")
    answer = asks(served, "how many sessions have i been to")
    assert "So far you have come to" in answer["replies"][0]["text"]
    assert answer["replies"][0]["topic"] is None
    page = post(served, "/look", look="easy", again="", asked="how many sessions have i been to")
    assert ASK_AGAIN in page.text
    assert 'value="how many sessions have i been to"' in page.text
    assert "So far you have" not in page.text


def test_a_pin_does_not_come_back_with_a_look(served):
    response = post(served, "/", text=PIN)
    assert chat.HIDDEN in response.text
    again = post(served, "/look", look="easy", again="", asked=chat.HIDDEN)
    assert again.headers["location"] == "/"


def test_what_goes_to_the_phone_is_the_text_message_whatever_the_screen_shows(served, record):
    who, code = person(record, "P08")
    first_time(served, code)
    now = datetime.now(UTC)
    with record.writing() as connection:
        phone = identities.issue_code(connection, who, "test", now)
        identities.link(connection, Address.parse("sms:+447700900558"), phone.replace("-", ""), now)
    post(served, "/look", look="easy")
    assert asks(served)["sendable"]
    assert "on its way" in post(served, "/send", topic="missed_session").text
    with record.reading() as connection:
        own = select(outbox).where(outbox.c.address_hash == "+447700900558").order_by(outbox.c.id.desc())
        row = connection.execute(own).first()
    assert OutboundMessage.from_json(row.content).text == said("missed_session", ReplyFormat.SMS)


def test_with_the_database_down_easy_words_can_still_be_chosen(served, monkeypatch, record):
    served.get("/")

    async def down(work):
        raise DatabaseError("down")

    monkeypatch.setattr(type(record), "read", lambda self, work: down(work))
    assert EASY in shown_in(post(served, "/look", look="easy", again="missed_session", asked=ASKED))


# What stands in the open


def test_nothing_to_tap_or_read_in_the_open_says_what_the_programme_is_about(served):
    page = re.sub(r'value="[^"]*"|<title>.*?</title>', "", served.get("/").text)
    assert re.findall(r"(?i)[^<>]*(?:treatment|programme|offen[cds]|prison)[^<>]*", page) == []


def test_an_answers_heading_is_neutral_on_the_screen_and_the_leaflets_own_in_the_data(served):
    reply = asks(served, "what times are the sessions")["replies"][0]
    assert reply["section"] == "Sessions and times"
    assert WORDS.section("session_times") == "What does the treatment programme involve?"


def test_a_button_is_named_neutrally_and_still_asks_for_its_topic(served):
    title = WORDS.title("talking_about_offending")
    page = post(served, "/", text=title)
    assert "<span>What you talk about</span>" in page.text
    assert said("talking_about_offending", ReplyFormat.SCREEN) in shown_in(page)


def test_a_name_for_a_heading_that_there_is_not_is_said(tmp_path):
    (tmp_path / "isotp").mkdir()
    (tmp_path / "isotp" / "sections.yml").write_text("Nothing: Something")
    with pytest.raises(display_names.DisplayNamesError, match="Nothing"):
        display_names.load(WORDS, tmp_path)


def test_a_name_for_a_title_that_there_is_not_is_said():
    named = {"utter_isotp_en_nothing": [{"text": "Words.", "metadata": {"display_title": "Something"}}]}
    with pytest.raises(display_names.DisplayNamesError, match="nothing"):
        display_names.load(ResponseCatalog("isotp", "en", {**WORDS.responses, **named}))


# In a browser


@pytest.fixture(scope="module")
def address(bot, record):
    with listening(screen(bot, record)[0]) as address:
        yield address


SIZES = {"kiosk": (1080, 1920), "phone": (390, 844), "narrow": (320, 640)}
WAYS = [(size, script) for size in SIZES for script in (True, False)]


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]} {'with' if way[1] else 'without'} JavaScript")
def page(browser, address, request):
    size, script = request.param
    width, height = SIZES[size]
    context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": height})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    assert faults == []


def ask(page, text=ASKED):
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".asked", has_text=text).last.wait_for()
    page.locator(".asked:last-of-type ~ .reply, .asked ~ .reply").last.wait_for()


def easy(page):
    return page.get_by_role("button", name="Easy words")


def shows(page, text):
    page.wait_for_function(
        "text => [...document.querySelectorAll('.reply .said')].at(-1)?.textContent === text", arg=text
    )


def test_the_present_answer_is_shown_again_in_easy_words_and_back(page):
    ask(page)
    shows(page, PLAIN)
    assert easy(page).get_attribute("aria-pressed") == "false"
    easy(page).click()
    shows(page, EASY)
    assert easy(page).get_attribute("aria-pressed") == "true"
    assert page.locator(".asked").last.inner_text().endswith(ASKED)
    assert page.locator(".reply .section").last.inner_text() == "From the leaflet: What happens if I do not attend?"
    assert page.locator(".asked").count() == 1, "it was not asked again"
    page.locator(".helpful").get_by_role("button", name="Yes").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    easy(page).click()
    shows(page, PLAIN)


def test_they_stay_for_the_next_question_and_beside_larger_text_and_go_with_the_visit(page):
    easy(page).click()
    page.locator("body.look-easy").wait_for()
    ask(page, "what are the rules")
    shows(page, said("rules", ReplyFormat.EASY))
    page.get_by_role("button", name="Larger text").click()
    page.locator("body.look-easy.look-large").wait_for()
    shows(page, said("rules", ReplyFormat.EASY))
    page.wait_for_load_state()  # the words can be there before the style is
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Clear the screen").click()
    page.locator("body:not(.look-easy)").wait_for()
    ask(page)
    shows(page, PLAIN)


def test_without_the_script_a_question_asked_back_goes_into_the_box(served, unsure):
    page = post(served, "/", text=unsure)
    assert "Did you mean" in page.text
    assert 'name="again" value=""' in page.text
    again = post(served, "/look", look="easy", again="", asked=unsure)
    assert ASK_AGAIN in again.text
    assert f'name="text" type="text" maxlength="2000" autocomplete="off" value="{unsure}"' in again.text


def test_did_you_mean_keeps_its_buttons(browser, address, unsure):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    ask(page, unsure)
    offered = page.locator(".reply .options button")
    offered.first.wait_for()
    names = offered.all_inner_texts()
    easy(page).click()
    page.locator("body.look-easy").wait_for()
    assert offered.all_inner_texts() == names
    offered.first.click()
    page.locator(".asked", has_text=names[0]).wait_for()
    context.close()


def test_read_aloud_reads_what_is_shown(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "window.spoken = []; Object.defineProperty(window, 'speechSynthesis', {value: {getVoices() { return [{}] }, cancel() { spoken.push('') }, speak(u) { spoken.push(u.text) }}})"
    )
    page.goto(address)
    ask(page)
    read = page.get_by_role("button", name="Read aloud")
    read.click()
    easy(page).click()
    shows(page, EASY)
    assert page.evaluate("spoken.at(-1)") == "", "what was being read aloud stops"
    read.click()
    ask(page, "i want to die")
    page.locator(".reply", has_text="116 123").wait_for()
    page.get_by_role("button", name="Read aloud").last.click()
    number, spelt = Settings().office_phone, "0 7 7 0 0 9 0 0 1 2 3"
    *answers, help_lines = page.evaluate("spoken.filter(Boolean)")
    assert answers == [text.replace(number, spelt).replace("\n- ", "\n") for text in (PLAIN, EASY)]
    assert help_lines.startswith("9 9 9: call now if your life is in danger.\n1 1 6 1 2 3: call Samaritans.")
    context.close()


def test_they_are_reached_and_pressed_with_the_keyboard_alone(page):
    ask(page)
    easy(page).focus()
    page.keyboard.press("Enter")
    shows(page, EASY)
    page.locator("[aria-pressed=true]", has_text="Easy words").wait_for()


def test_with_the_network_lost_the_screen_says_so_and_keeps_the_answer(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    ask(page)
    context.set_offline(True)
    easy(page).click()
    page.get_by_text("This screen has lost its connection").wait_for()
    shows(page, PLAIN)
    context.close()


def test_a_visit_that_ended_meanwhile_shows_an_empty_screen(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    ask(page)
    context.clear_cookies()
    easy(page).click()
    page.locator(".reply").wait_for(state="detached")
    page.get_by_role("heading", name="Ask a question").wait_for()
    context.close()


def test_req_45_easy_words_have_no_fault_that_axe_finds(browser, address, record):
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    found = []

    def check(name):
        page.add_script_tag(path=str(AXE))
        faults = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")["violations"]  # fmt: skip
        found.extend((name, fault["id"], [node["target"] for node in fault["nodes"]]) for fault in faults)

    page.goto(address)
    ask(page)
    easy(page).click()
    shows(page, EASY)
    check("an easy answer")
    page.get_by_role("button", name="High contrast").click()
    page.locator("body.look-contrast").wait_for()
    check("in high contrast")
    sign_in_by_hand(page, record, address)
    check("own dates")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert found == []


# How many more can be missed

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
"""The moment for which the answers of the people in tests/record/ are known."""


def misses_left(client, record, reference, look=None):
    """Return who it is, and what the own page says of them at :data:`NOW` about how many more they can miss."""
    who, code = person(record, reference)
    client.clock.ahead = NOW - datetime.now(UTC)
    assert first_time(client, code).headers["location"] == "/mine"
    if look:
        post(client, "/look", "/mine", look=look, **{"from": "/mine"})
    page = shown_in(client.get("/mine"))
    return who, re.search(r'misses-left">\s*<p class="said">(.*?)</p>', page, re.S)[1]


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("P00", "In this block you have missed 0. You can miss 2 more before it is more than 2."),
        ("P01", "In this block you have missed 1. You can miss 1 more before it is more than 2."),
        ("P02", "In this block you have missed 2. You can miss 0 more: the next one would make it more than 2."),
        ("P03", "In this block you have missed 3, which is more than 2. Please talk to your offender manager: what"),
        (
            "P04",
            "missed 1. You can miss 1 more before it is more than 2. That counts 1 that you caught up. Staff decide",
        ),
    ],
)
def test_the_own_page_counts_none_one_two_and_over_and_decides_nothing(served, record, reference, says):
    _, text = misses_left(served, record, reference)
    assert says in text
    assert "says that you are suspended" not in text


@pytest.mark.parametrize("look", [None, "easy"])
@pytest.mark.parametrize("reference", [f"P{number:02d}" for number in range(14)])
def test_the_own_page_says_what_the_bot_answers(served, bot, loop, record, reference, look):
    who, text = misses_left(served, record, reference, look)
    reply_format = ReplyFormat.EASY if look else ReplyFormat.SCREEN
    question = InboundMessage(
        Address.parse(f"{reference} {look}"), "how many more can i miss", reply_format, acting_as=who, at=NOW
    )
    answer = loop.run(bot.handle(question))
    assert answer.topics == ("my_misses_left",)
    assert text == answer.replies[0].text
