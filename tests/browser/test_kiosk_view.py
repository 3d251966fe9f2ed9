"""What stands where on the screen: after every answer, at the sizes of a machine in the office and of a small phone."""

import pytest

from tests.support.kiosk import screen
from tests.support.serving import listening

SIZES = {"machine": (1280, 800), "phone": (320, 640)}
LONG = "What are the rules?"


@pytest.fixture(scope="module")
def address(bot, record):
    with listening(screen(bot, record)[0]) as address:
        yield address


@pytest.fixture(params=[(s, js) for s in SIZES for js in (True, False)], ids=lambda p: f"{p[0]} {p[1]}")
def page(browser, address, request):
    size, script = request.param
    width, height = SIZES[size]
    is_phone = size == "phone"
    viewport = {"width": width, "height": height}
    context = browser.new_context(java_script_enabled=script, viewport=viewport, has_touch=is_phone, is_mobile=is_phone)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def ask(page, text, part):
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".reply", has_text=part).last.wait_for()


def at_the_top(page):
    """Tell whether the last question stands right under the bar, once the page has come to rest."""
    page.wait_for_timeout(300)
    bar, asked = page.locator(".bar").bounding_box(), page.locator(".asked").last.bounding_box()
    below_the_bar = asked["y"] - bar["y"] - bar["height"]
    return -1 <= below_the_bar <= 60


def test_the_question_is_at_the_top_after_a_topic_and_a_typed_question(page):
    page.get_by_text("What are my rights?").first.click()
    page.locator("details[open] button").first.click()
    page.locator(".turn .reply").last.wait_for()
    assert at_the_top(page)
    ask(page, "is there a break", "refreshments")
    assert at_the_top(page)


def test_a_long_answer_begins_at_the_top_and_no_keyboard_covers_it(page):
    page.get_by_role("button", name=LONG).click()
    page.locator(".turn .reply").last.wait_for()
    assert at_the_top(page)
    is_touch = page.viewport_size["width"] == 320
    focused = page.locator("#question").evaluate("box => box === document.activeElement")
    assert not (is_touch and focused)


def test_the_screen_can_be_cleared_from_wherever_the_page_was_moved_to(page):
    ask(page, "what are the rules", "respect")
    ask(page, "is there a break", "refreshments")
    box = page.locator("#end button").bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"] / 5
    page.locator("#end button").click()
    page.locator("#starters").wait_for()
    assert page.locator(".asked").count() == 0


def test_the_bar_is_small_and_the_page_is_no_wider_than_the_screen(page):
    assert page.locator(".bar").bounding_box()["height"] <= page.viewport_size["height"] * 0.13
    assert page.locator("html").evaluate("html => html.scrollWidth <= innerWidth")


def test_a_telephone_number_is_a_link(page):
    ask(page, "i want to die", "Samaritans")
    links = page.locator(".reply .said a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert {"tel:999", "tel:116123"} <= set(links)


def test_none_of_these_leads_to_a_person(page, unsure):
    ask(page, unsure, "Did you mean")
    page.get_by_role("button", name="None of these").click()
    page.locator(".reply", has_text="All right, none of those").wait_for()


# With the script


@pytest.fixture
def machine(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_only_the_answer_that_was_chosen_goes_to_paper(machine):
    machine.evaluate("window.print = () => {}")
    ask(machine, "what are the rules", "respect")
    ask(machine, "is there a break", "refreshments")
    first, second = machine.locator(".turn").all()
    machine.evaluate("dispatchEvent(new Event('beforeprint'))")
    machine.emulate_media(media="print")
    assert (first.is_visible(), second.is_visible()) == (False, True), "without a choice it is the last"
    assert not machine.locator(".bar").is_visible()
    machine.emulate_media(media="screen")
    machine.evaluate("dispatchEvent(new Event('afterprint'))")
    machine.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    first.get_by_role("button", name="Print").click()
    machine.emulate_media(media="print")
    assert (first.is_visible(), second.is_visible()) == (True, False)


@pytest.mark.parametrize("voices", [0, 1])
def test_reading_aloud_is_offered_under_every_answer_where_there_is_a_voice(browser, address, voices):
    context = browser.new_context()
    context.add_init_script(
        f"speechSynthesis.getVoices = () => Array({voices}).fill({{lang: 'en-GB'}});"
        "window.spoken = []; speechSynthesis.speak = (words) => spoken.push(words.text)"
    )
    page = context.new_page()
    page.goto(address)
    ask(page, "is there a break", "refreshments")
    ask(page, "what are the rules", "respect")
    readers = page.get_by_role("button", name="Read aloud")
    assert readers.count() == 2 * voices
    if voices:
        readers.first.click()
        assert "refreshments" in page.evaluate("spoken[0]")
    context.close()


def test_an_answer_that_did_not_help_leads_on(machine):
    ask(machine, "what are the rules", "respect")
    machine.locator(".helpful").get_by_role("button", name="No").click()
    machine.get_by_text("Staff will look at it").wait_for()
    assert "07700 900123" in machine.locator(".helpful").inner_text()
    machine.locator(".helpful button").first.click()
    machine.locator(".turn").nth(1).locator(".reply").first.wait_for()


def test_larger_text_enlarges_everything(machine):
    ask(machine, "what are the rules", "respect")
    measured = (
        ".said",
        ".section",
        ".helpful span",
        ".helpful button",
        ".asked",
        ".person p",
        ".bar-links a",
        ".clear",
    )
    measured += (".tools button", "#help-print", "label[for=question]", ".govuk-details__summary-text")

    def sizes():
        read = "element => parseFloat(getComputedStyle(element).fontSize)"
        return [machine.locator(one).first.evaluate(read) for one in measured]

    before = sizes()
    machine.get_by_role("button", name="Larger text").click()
    machine.locator("body.look-large").wait_for()
    assert [name for name, a, b in zip(measured, before, sizes(), strict=True) if b <= a] == []
