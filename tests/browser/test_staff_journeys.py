"""What staff do from beginning to end, in a real browser: at a desk and on a telephone, with and without JavaScript."""

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error
from sqlalchemy import select

from bot.messages import Address, AddressKind, OutboundMessage
from bot.messaging.tables import outbox
from bot.records.access import identities
from bot.records.participants.tables import participant
from bot.settings import Settings
from bot.text.personal_codes import find
from tests.support.serving import listening
from tests.support.staff_desk import NOW, Served
from tests.support.staff_pages import WAYS, browsing
from tests.support.staff_records import audited, enrolment_of, outcome, person, raised, row, session_of

PHONE = "+447700900555"
PIN = "580417"


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request, browser, desk):
    """The pages over a record of their own, and somebody at a browser."""
    with listening(desk.application) as address, browsing(browser, address, *request.param) as made:
        yield made


def linked(desk, reference):
    """Link a telephone to somebody, and choose the PIN."""
    with desk.record.writing() as connection:
        id_ = person(desk, reference)
        identities.link(
            connection,
            Address.parse(f"sms:{PHONE}"),
            find(identities.issue_code(connection, id_, "test", NOW)).code,
            NOW,
        )
        identities.choose_pin(connection, Address.parse(f"sms:{PHONE}"), PIN, NOW, timedelta(minutes=15))


def sent(desk):
    with desk.record.reading() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    return [(found.address, OutboundMessage.from_json(found.content).text) for found in rows]


def heading(page, name):
    page.get_by_role("heading", level=1, name=name).wait_for()


# Two at once


def test_two_facilitators_save_one_register_at_once_and_nothing_is_lost(way, desk):
    path = f"/staff/sessions/{session_of(desk, 'Evening A', 13)}/register"
    first, second = way.page("facilitator"), way.page("manager")
    for page in (first, second):
        page.goto(path)
    first.get_by_label("Outcome for Ada Invented").select_option("ATTC")
    first.get_by_role("button", name="Save the register").click()
    first.get_by_text("The register is saved.").wait_for()
    second.get_by_label("Outcome for Ada Invented").select_option("UAAB")
    second.get_by_label("Outcome for Ben Invented").select_option("AAME")
    second.get_by_role("button", name="Save the register").click()
    second.get_by_text("Nothing is saved yet: somebody else has changed this register").wait_for()
    second.get_by_role("link", name="Ada Invented: somebody else has recorded “Attended”").wait_for()
    assert second.title().startswith("Error: ")
    way.look(second, "register-conflict")
    assert (outcome(desk, "P00", 13), outcome(desk, "P01", 13)) == ("ATTC", None)
    assert second.get_by_label("Outcome for Ada Invented").input_value() == "UAAB", "what was chosen stays chosen"
    assert second.get_by_label("Outcome for Ben Invented").input_value() == "AAME"
    second.get_by_label("Outcome for Ada Invented").select_option("ATTC")
    second.get_by_role("button", name="Save the register").click()
    second.get_by_text("The register is saved.").wait_for()
    assert (outcome(desk, "P00", 13), outcome(desk, "P01", 13)) == ("ATTC", "AAME")


# Sessions


def test_a_session_is_moved_and_another_cancelled_after_a_look_at_whom_it_touches(way, desk):
    linked(desk, "P00")
    page = way.page("manager")
    page.goto("/staff/groups")
    way.look(page, "groups")
    page.get_by_role("link", name="Evening A").first.click()
    page.get_by_role("link", name=re.compile("Move session 14$")).click()
    way.look(page, "move")
    page.get_by_label("Day").fill("2026-12-02")
    page.get_by_label("Where").fill("Room 8, Example House")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Whom it touches").wait_for()
    way.look(page, "move-touched")
    assert page.get_by_role("listitem").filter(has_text="Ada Invented, P00").count() == 1
    assert page.get_by_role("listitem").filter(has_text="Ben Invented, P01: cannot be written to").count() == 1
    assert sent(desk) == [], "nothing is done before it is confirmed"
    page.get_by_label("Send a message to everybody above who can be written to").check()
    page.get_by_role("button", name="Move it").click()
    page.get_by_text("It is done, and messages are on their way.").wait_for()
    ((address, text),) = sent(desk)
    assert address == PHONE
    assert text.startswith("A date of yours has changed: Tuesday 1 December is now Wednesday 2 December, 6pm to 8pm.")

    page.get_by_role("link", name=re.compile("Cancel session 15$")).click()
    heading(page, "Cancel session 15 of Evening A?")
    way.look(page, "cancel")
    assert page.get_by_role("listitem").filter(has_text="Ada Invented, P00").count() == 1
    page.get_by_role("button", name="Cancel the session").click()
    page.get_by_text("The session is cancelled.").wait_for()
    way.look(page, "group")
    assert outcome(desk, "P00", 15) == "RSSR"
    assert len(sent(desk)) == 1, "the box was not ticked"


# A participant


def test_a_link_code_is_shown_once_and_links_and_pin_are_taken_back(way, desk):
    linked(desk, "P00")
    path = f"/staff/participants/{person(desk, 'P00')}"
    page = way.page("facilitator")
    page.goto(path)
    way.look(page, "participant")
    page.get_by_role("link", name="Unlink everything").click()
    heading(page, "Unlink every telephone and chat of Ada Invented?")
    way.look(page, "unlink")
    page.get_by_role("button", name="Unlink").click()
    page.get_by_text("No telephone or chat is linked to this person any more.").wait_for()
    page.get_by_text("Nothing is linked").wait_for()

    page.get_by_role("button", name="Make a link code").click()
    heading(page, "Link code for Ada Invented")
    way.look(page, "link-code")
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="Back to Ada Invented").click()
    heading(page, "Ada Invented")
    assert code not in page.content(), "the code is shown once"
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # nothing is kept: not by going back either
        page.go_back()

    page = way.page("facilitator")
    page.goto(path)
    page.get_by_role("link", name="Reset the PIN").click()
    way.look(page, "reset-pin")
    page.get_by_role("button", name="Reset the PIN").click()
    heading(page, "Link code for Ada Invented")
    assert page.locator(".code").inner_text() != code
    page.goto(path)
    page.get_by_text("Not chosen yet").wait_for()
    with desk.record.writing() as connection:
        assert identities.link(connection, Address.parse("sms:+447700900556"), find(code).code, NOW) is None, (
            "the code before is void"
        )


def test_req_33_a_person_is_removed_once_the_reference_was_typed(way, desk):
    id_ = person(desk, "P01")
    assert way.page("facilitator").goto(f"/staff/participants/{id_}/remove").status == 403
    page = way.page("manager")
    page.goto(f"/staff/participants/{id_}")
    page.get_by_role("link", name="Remove this person").click()
    page.get_by_label("Reference").fill("P00")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("link", name="That is not this person’s reference").wait_for()
    way.look(page, "remove")
    assert person(desk, "P01") == id_
    page.get_by_label("Reference").fill("P01")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The person and everything about them is removed.").wait_for()
    way.look(page, "participants")
    assert row(desk, select(participant.c.id).where(participant.c.id == id_)) is None
    assert page.goto(f"/staff/participants/{id_}").status == 404


# Import and audit


def test_an_import_shows_what_would_change_and_what_is_wrong_before_anything_is_kept(way, desk):
    page = way.page("manager")
    page.goto("/staff/import")
    wrong = b"reference,group,preferred_name\nZ1,Nowhere,Zoe Invented\n"
    page.get_by_label("Files").set_input_files([{"name": "participants.csv", "mimeType": "text/csv", "buffer": wrong}])
    page.get_by_role("button", name="Check").click()
    page.get_by_text("participants.csv, line 2: group is 'Nowhere'").wait_for()
    way.look(page, "import-wrong")
    right = b"reference,group,preferred_name,status\nZ1,Evening A,Zoe Invented,active\n"
    page.get_by_label("Files").set_input_files([{"name": "participants.csv", "mimeType": "text/csv", "buffer": right}])
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="What would change").wait_for()
    page.get_by_role("row", name="Z1 in Evening A nothing active").wait_for()
    way.look(page, "import")
    assert person(desk, "Z1") is None
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("The files are imported.").wait_for()
    assert person(desk, "Z1") is not None


def test_a_manager_finds_who_did_what_about_whom(way, desk):
    facilitator = way.page("facilitator")
    facilitator.goto(f"/staff/participants/{person(desk, 'P02')}")
    heading(facilitator, "Cal Invented")
    assert facilitator.goto("/staff/audit").status == 403
    page = way.page("manager")
    page.goto("/staff")
    page.goto("/staff/audit")
    page.get_by_label("Who did it").select_option(label="Fay Invented")
    page.get_by_label("About (reference)").fill("P02")
    page.get_by_label("From").fill("2026-11-24")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("1 entry").wait_for()
    page.get_by_role("row").filter(has_text="Fay Invented").filter(has_text="Record read").wait_for()
    assert page.url.endswith("/staff/audit"), "no reference stands in an address"
    way.look(page, "audit")
    page.get_by_label("From").fill("")
    page.get_by_label("About (reference)").fill("P03")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("0 entries").wait_for()


# Alerts


def test_req_42_an_overdue_alert_says_when_the_duty_phone_was_texted_and_is_taken_on(browser, desk, loop):
    from tests.support.staff_alerts import PHONES, escalate

    with_phones = Served(desk.record, settings=Settings(duty_phones=PHONES))
    raised(desk, minutes=40)
    escalate(desk.record, desk.now, loop)
    raised(desk, "threat", "telegram", "1", person=person(desk, "P03"))
    with listening(with_phones.application) as address:
        for width, script in WAYS.values():
            with browsing(browser, address, width, script) as made:
                page = made.page("facilitator")
                first = page.get_by_role("region", name="Somebody’s life may be at risk Overdue")
                first.get_by_text("Text sent to the first duty phone: Tue 24 Nov 2026, 9am.").wait_for()
                other = page.get_by_role("region", name="Somebody may be in danger")
                assert other.get_by_text("duty phone").count() == 0
                made.look(page, "today-escalated")
        with browsing(browser, address, 1200, False) as made:
            page = made.page("manager")
            page.get_by_role("region", name="Somebody’s life may be at risk").get_by_role("button").click()
            page.get_by_text("You have taken the alert on.").wait_for()
    with desk.record.reading() as connection:
        assert audited(desk, "alert acknowledged")
        assert connection.execute(select(outbox.c.state)).scalars().all() == ["sent"]


# From the screen to the desk and back


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def both(request, browser, desk):
    """The screen and the pages of staff over one record, with the real bot, all at the desk's moment."""
    from bot import bootstrap
    from bot.messages import ReplyFormat, SendReceipt
    from bot.messaging.worker import ChannelConfig
    from bot.web.kiosk.routes import routes as screen_routes
    from bot.web.pages import pages

    conversation = bootstrap.Bootstrap(Settings(), database=desk.record).handler

    class Now:
        """The bot, which is asked as of the desk's moment."""

        async def handle(self, message, unit):
            return await conversation.handle(replace(message, at=desk.now), unit)

        def in_danger(self, message):
            return conversation.in_danger(message)

        def apology(self, rendering):
            return conversation.apology(rendering)

        works = None

    async def send(address, parcel):
        return SendReceipt(None)

    gateway = SimpleNamespace(
        route=ChannelConfig(AddressKind.SMS, ReplyFormat.SMS), channel=SimpleNamespace(send=send), receive=None
    )
    screen = bootstrap.Bootstrap(
        Settings(),
        database=desk.record,
        handler=Now(),
        clock=lambda: desk.now,
        gateways={"twilio": gateway},
        alert_journal=None,
        train=None,
        notifier=desk.desk.notifier,
        pages_environment=desk.desk.environment,
    ).kiosk
    with (
        listening(pages([*screen_routes(screen), *desk.routes])) as address,
        browsing(browser, address, *request.param) as made,
    ):
        yield made


def test_an_absence_goes_from_the_screen_to_staff_and_back_as_a_neutral_message(both, desk):
    linked(desk, "P00")
    page = both.page()
    page.goto("/sign-in")
    page.get_by_label("reference").fill("P00")
    page.get_by_role("textbox", name="PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "Your dates")
    page.goto("/")
    for said, answered in (
        ("can't come on tuesday 1 december, i have an appointment at the hospital", "can't come on Tuesday 1 December"),
        ("yes", "noted for staff that you can't come on Tuesday 1 December"),
    ):
        page.get_by_label("Your question").fill(said)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text(answered).last.wait_for()

    desk_page = both.page("facilitator")
    desk_page.get_by_role("link", name="Decide on Ada Invented, session 14").click()
    heading(desk_page, "Ada Invented cannot come to session 14")
    desk_page.get_by_text("i have an appointment at the hospital").wait_for()
    both.look(desk_page, "absence")
    desk_page.get_by_role("button", name="Save the decision").click()
    desk_page.get_by_role("link", name="Choose what should be recorded").wait_for()
    both.look(desk_page, "absence-wrong")
    desk_page.get_by_label("Absent, acceptable: medical (AAME)").check()
    desk_page.get_by_label("Send a message that it has been read").check()
    desk_page.get_by_role("button", name="Save the decision").click()
    desk_page.get_by_text("The decision is saved, and a message is on its way.").wait_for()
    desk_page.get_by_text("No absence is waiting for a decision.").wait_for()
    both.look(desk_page, "absences")

    assert outcome(desk, "P00", 14) == "AAME"
    ((address, text),) = sent(desk)
    assert address == PHONE
    assert text.startswith("What you wrote about Tuesday 1 December has been read.")
    assert not re.search(r"session|group|programme|absence|acceptable|medical|hospital", text, re.I)


# By keyboard alone


def test_req_45_a_register_is_saved_by_keyboard_alone(browser, desk):
    with listening(desk.application) as address, browsing(browser, address, 1200, True) as made:
        page = made.page("facilitator")
        tab_to(page, "Register of Evening A, session 13")
        page.keyboard.press("Enter")
        heading(page, "Register: Evening A, session 13")
        tab_to(page, f"outcome-{enrolment_of(desk, 'P00')}")
        page.keyboard.type("Attended")
        tab_to(page, "Save the register")
        page.keyboard.press("Enter")
        page.get_by_text("The register is saved.").wait_for()
    assert outcome(desk, "P00", 13) == "ATTC"


def tab_to(page, name):
    """Press Tab until what is called so, or has this id, has the focus; and see that the focus is seen."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("name => { const e = document.activeElement; return e.id === name || e.textContent.trim() === name }", name):  # fmt: skip
            style = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow })()"
            )
            assert style != "nonenone", f"the focus on {name} cannot be seen"
            return
    pytest.fail(f"Tab does not lead to {name}")


# An alert from the screen to its end


def test_an_alert_is_taken_on_handed_over_closed_and_opened_again(way, desk):
    from tests.support.staff_alerts import office_screen, typed

    for n in range(3):
        typed(desk, f"visit {n}", office_screen(desk) if not n else "token of Waiting room", minutes=9 - n)
    page, colleague = way.page("facilitator"), way.page("manager")
    page.goto("/staff")
    page.get_by_text("Waiting room, Example office").wait_for()
    page.get_by_text("3 messages since then").wait_for()
    way.look(page, "alert-today")
    page.get_by_role("button", name="Take this on").click()
    page.get_by_role("heading", name="Taken on, not closed yet").wait_for()
    way.look(page, "alert-in-hand")
    page.get_by_role("link", name="Somebody’s life may be at risk").click()
    way.look(page, "alert-taken")
    page.get_by_role("button", name="Hand it over").click()
    way.look(page, "alert-hand-over")
    page.get_by_label("Colleague").select_option(label="Max Invented, manager")
    page.get_by_label("Note").fill("Is with somebody at the desk.")
    page.get_by_role("button", name="Hand it over").click()
    page.get_by_text("The alert is handed over.").wait_for()
    colleague.goto("/staff/alerts/1/close")
    colleague.get_by_role("button", name="Close the alert").click()
    colleague.get_by_role("link", name="Choose an outcome").wait_for()
    way.look(colleague, "alert-close-wrong")
    colleague.get_by_label("Spoke to them").check()
    colleague.get_by_label("Note").fill("Talked for half an hour.\nGoes home with a friend.")
    colleague.get_by_role("button", name="Close the alert").click()
    colleague.get_by_text("The alert is closed.").wait_for()
    way.look(colleague, "alert-closed")
    colleague.goto("/staff/alerts/closed")
    way.look(colleague, "alerts-closed")
    page.goto("/staff/alerts/1")
    page.get_by_role("button", name="Open it again").click()
    way.look(page, "alert-reopen")
    page.get_by_label("Why").fill("Rang from outside.")
    page.get_by_role("button", name="Open it again").click()
    page.get_by_text("The alert is open again.").wait_for()
    for said in ("Handed over by Fay Invented to Max Invented", "Closed by Max Invented: Spoke to them", "Rang from"):
        page.get_by_text(said).wait_for()
    way.look(page, "alert-open-again")
    page.get_by_role("button", name="Take this on").click()
    page.get_by_text("You have taken the alert on.").wait_for()
