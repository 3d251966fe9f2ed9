"""The pages of staff in a real browser, with and without JavaScript, and held against WCAG by axe."""

import os
import re
from datetime import timedelta

import pytest

from bot.alerts import alert_store
from bot.messages import Address, Answer, AnswerOutcome
from bot.records.enums import TrainingState
from bot.records.participants import repository
from bot.records.participants.tables import enrolment
from bot.records.sessions.tables import session
from bot.review import feedback, question_stats
from bot.training import proposals, trainings
from tests.support.serving import listening
from tests.support.staff_desk import NOW, Served
from tests.support.staff_pages import looked_at, sign_in


@pytest.fixture(scope="module")
def served(staffed_template, tmp_path_factory):
    import shutil

    from bot.database.engine import open_database
    from tests.support.records import TEST_KEY

    file = tmp_path_factory.mktemp("served") / "record.db"
    shutil.copy(staffed_template, file)
    record = open_database(f"sqlite:///{file}", TEST_KEY, print)
    filled(record)
    yield Served(record)
    record.engine.dispose()


def filled(record):
    """Something of everything that the pages can show."""
    from sqlalchemy import select

    with record.writing() as connection:
        person = repository.participant_id(connection, "P03")
        own = connection.execute(select(enrolment.c.id).where(enrolment.c.participant_id == person)).scalar()
        group = connection.execute(select(enrolment.c.group_id).where(enrolment.c.id == own)).scalar()
        held = select(session.c.id).where(session.c.group_id == group, session.c.number == 13)
        alert_store.put(connection, "crisis", Address.on("twilio", "+447700900555"), NOW - timedelta(minutes=40))
        alert_store.put(connection, "child_at_risk", Address.on("telegram", "1"), NOW - timedelta(minutes=5), person)
        feedback.note(connection, NOW, "screen", "missed_session", False, "what if the bus is late")
        lost = Answer((), understood=AnswerOutcome.NOT_UNDERSTOOD)
        question_stats.note(connection, "sms", "is there a lift and how wide is it " + "very" * 60, lost, NOW)
        for topic, times in (("breaks", 14), ("dress", 9), ("family", 2)):
            answer = Answer((), (topic,), understood=AnswerOutcome.ANSWERED)
            for number in range(times):
                question_stats.note(connection, "sms", "a question", answer, NOW - timedelta(weeks=number % 3))
        proposals.propose(connection, "breaks", ["can i vape outside"], [], "staff:1", NOW)
        refused = proposals.propose(connection, "dress", ["is there a coat hook"], [], "staff:1", NOW)
        proposals.refuse(connection, refused, "that is about the building", "staff:2", NOW)
        approved = proposals.propose(connection, "rules", ["may we bring a pet " + "very" * 60], [], "staff:2", NOW)
        proposals.approve(connection, approved, "staff:1", NOW)
        trainings.request(connection, "staff:2", NOW)
        training = trainings.claim(connection, NOW)
        figures = {"taught": [0, 1, 1], "danger": [18, 17, 18], "right": [130, 129, 139]}
        report = {"figures": figures, "failed": ["danger"]}
        trainings.finish(connection, training, TrainingState.REFUSED, NOW, report)
        repository.report_absence(
            connection, own, connection.execute(held).scalar(), "I can't come, I have a hospital appointment", NOW
        )


@pytest.fixture(scope="module")
def address(served):
    with listening(served.application) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(browser, address, request):
    context = browser.new_context(
        base_url=address, java_script_enabled=request.param, viewport={"width": 1200, "height": 900}
    )
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in(page, "administrator")
    yield page
    context.close()
    assert [fault for fault in faults if "status of 40" not in fault] == []


def test_a_register_is_filled_in_and_saved(page):
    page.get_by_role("link", name="Register of Evening A, session 13").click()
    page.get_by_label("Outcome for Ada Invented").select_option("ATTC")
    page.get_by_role("button", name="Save the register").click()
    page.get_by_text("The register is saved.").wait_for()
    assert page.get_by_label("Outcome for Ada Invented").input_value() == "ATTC"


def test_a_search_leads_to_a_person_and_a_link_code(page):
    page.goto("/staff/participants")
    page.get_by_label("Reference or name").fill("p00")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 participant found").wait_for()
    page.get_by_role("link", name="Ada Invented").click()
    page.get_by_role("heading", level=1, name="Ada Invented").wait_for()
    page.get_by_role("button", name="Make a link code").click()
    page.get_by_role("heading", level=1, name="Link code for Ada Invented").wait_for()
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", page.locator(".code").inner_text())
    assert re.search(r"/staff/participants/\d+/link-code$", page.url), "no code and no reference in the address"


def test_a_session_is_moved_after_a_look_at_whom_it_touches(page, served):
    page.goto(f"/staff/groups/{number(served, 'group')}")
    page.get_by_role("link", name=re.compile("Move session 35$")).click()
    room = f"Room {os.urandom(2).hex()}, Example House"  # another one each time: nothing moves to where it is
    page.get_by_label("Where").fill(room)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Whom it touches").wait_for()
    page.get_by_role("button", name="Move it").click()
    page.get_by_text("The session is moved.").wait_for()
    assert page.get_by_text(room).count() == 1


def test_files_are_checked_and_imported(page):
    page.goto("/staff/import")
    group = f"group,option,venue\nDay {os.urandom(4).hex()},day,Room 1\n".encode()
    page.get_by_label("Files").set_input_files([{"name": "groups.csv", "mimeType": "text/csv", "buffer": group}])
    page.get_by_role("button", name="Check").click()
    page.get_by_text("1 row read, nothing wrong").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("The files are imported.").wait_for()


def test_a_new_alert_is_seen_on_every_page(browser, served, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.clock.install()
    sign_in(page, "manager")
    page.goto("/staff/figures")
    waiting = page.locator("#waiting")
    waiting.wait_for()
    before = int(waiting.inner_text().split()[0])
    with served.record.writing() as connection:
        alert_store.put(connection, "crisis", Address.on("kannel", "+447700900556"), NOW)
    page.clock.fast_forward("00:31")
    page.get_by_text(f"{before + 1} alerts are waiting").wait_for()
    context.close()


def test_signing_in_works_by_keyboard_alone_and_says_what_is_wrong(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.get_by_label("Email address").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Enter your email address").wait_for()
    page.locator(".govuk-error-summary:focus").wait_for()
    assert page.title().startswith("Error: Sign in")
    context.close()


def test_req_32_back_after_signing_out_shows_nothing(page):
    page.goto("/staff")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert "Invented" not in page.content()


def test_req_32_an_idle_page_warns_and_then_shows_nothing(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.clock.install()
    sign_in(page, "administrator")
    page.clock.fast_forward("27:59")
    assert page.locator("#idle").is_hidden()
    page.clock.fast_forward("00:02")
    page.get_by_role("button", name="Stay signed in").click()
    page.locator("#idle").wait_for(state="hidden")
    page.clock.fast_forward("29:00")
    page.get_by_text("You will be signed out in 2 minutes").wait_for()
    context.clear_cookies()  # as the server's own clock would have it
    page.clock.fast_forward("01:01")
    page.get_by_text("because nothing was done for 30 minutes").wait_for()
    assert "Invented" not in page.content()
    context.close()


NO_PAGES = ("/staff/alerts",)


def addresses(served):
    """Return an address of every page that is looked at."""
    found = {"/staff/sign-in"}
    for route in served.routes:
        if (
            "GET" in route.methods
            and "rest" not in route.path
            and route.path not in NO_PAGES
            and ".csv" not in route.path
        ):
            found.add(re.sub(r"\{(\w+):int\}", lambda m: str(number(served, m[1])), route.path))
    return sorted(found)


def number(served, name):
    from sqlalchemy import select

    with served.record.reading() as connection:
        person = repository.participant_id(connection, "P03")
        own = connection.execute(select(enrolment).where(enrolment.c.participant_id == person)).first()
        held = select(session.c.id).where(session.c.group_id == own.group_id, session.c.number == 13)
        ids = {
            "person": person,
            "enrolment": own.id,
            "group": own.group_id,
            "session": connection.execute(held).scalar(),
        }
    return ids.get(name, 1)


@pytest.mark.parametrize("width", [1280, 320])
def test_req_45_axe_finds_nothing_on_any_page(browser, served, address, width):
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900})
    page = context.new_page()
    found = {}
    page.goto("/staff/sign-in")
    found["/staff/sign-in"] = looked_at(page, "sign-in", width)
    sign_in(page, "administrator")
    for path in [*addresses(served), "/staff/nothing-here"]:
        page.goto(path)
        found[path] = looked_at(page, path, width)
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", ["", "/1", "/proposals", "/proposals/1/refuse"])
@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_req_45_the_pages_of_questions_fit_the_narrowest_screen(browser, address, path, script):
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    sign_in(page, "administrator")
    page.goto(f"/staff/questions{path}")
    faults = looked_at(page, path, 320) if script else []
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert (faults, wide) == ([], 320)


def test_req_45_proposing_questions_is_held_against_axe_too_also_with_what_is_wrong(browser, address):
    context = browser.new_context(base_url=address, viewport={"width": 320, "height": 900})
    page = context.new_page()
    sign_in(page, "administrator")
    page.goto("/staff/questions/1")
    page.get_by_role("button", name="Add to a topic").click()
    page.get_by_role("heading", level=1, name="Propose questions").wait_for()
    found = looked_at(page, "propose", 320)
    page.get_by_label("Questions to learn").fill("ring 07700 900123")
    page.get_by_role("button", name="Propose").click()
    page.get_by_role("link", name="Choose a topic").wait_for()
    page.get_by_role("link", name=re.compile("Question 1 has a number")).click()
    assert page.evaluate("document.activeElement.id") == "words"
    found += looked_at(page, "propose-wrong", 320)
    context.close()
    assert found == []
