"""A form survives the end of a session: for the same member, in the same browser, for an hour, and without secrets."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.records.staff import kept_forms
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.tables import kept_form
from bot.web.frontend.filling import fill
from tests.support.serving import listening
from tests.support.staff_desk import PASSWORD, form_token, words
from tests.support.staff_pages import WAYS, browsing
from tests.support.staff_records import enrolment_of, outcome, person, raised, session_of

AGAIN = "What you had entered is here again"


@pytest.fixture
def register(staff_site):
    return f"/staff/sessions/{session_of(staff_site, 'Evening A', 13)}/register"


def kept(staff_site):
    with staff_site.record.reading() as connection:
        return connection.execute(select(kept_form)).all()


def sign_in(visitor, key="facilitator"):
    """Sign in on the page that is shown, and return the page after it and its address."""
    response = visitor.post("/staff/sign-in", {"email": f"{key}@example.org", "password": PASSWORD}, "/staff/sign-in")
    assert response.status_code == 303, words(response.text)
    address = response.headers["location"]
    return visitor.get(address), address


def send_late(staff_site, visitor, path, fields, shown_on=None, minutes=30):
    """Open a page, let the session end, and send its form."""
    token = form_token(visitor.get(shown_on or path).text)
    staff_site.now += timedelta(minutes=minutes)
    return visitor.client.post(path, data={**fields, "form_token": token})


def test_a_register_sent_after_the_session_is_back_with_its_choices(staff_site, register):
    visitor = staff_site.signed_in()
    first, second = enrolment_of(staff_site, "P00"), enrolment_of(staff_site, "P01")
    chosen = {f"was-{first}": "none", f"outcome-{first}": "ATTC", f"was-{second}": "none", f"outcome-{second}": "AAME"}
    late = send_late(staff_site, visitor, register, chosen)
    assert (late.status_code, late.headers["location"]) == (303, "/staff/sign-in?done=kept")
    assert "What you entered is kept for an hour" in visitor.text(late.headers["location"])
    assert outcome(staff_site, "P00", 13) is None, "nothing is saved for somebody who is not signed in"
    page, address = sign_in(visitor)
    assert address == register
    assert AGAIN in words(page.text)
    for id_, code in ((first, "ATTC"), (second, "AAME")):
        field = re.search(rf'(?s)<select[^>]*name="outcome-{id_}".*?</select>', page.text)[0]
        assert re.findall(r'<option value="(\w+)" selected', field) == [code]
    assert kept(staff_site) == [], "it is shown once, and then only the page has it"
    assert AGAIN not in visitor.text(register)


def test_what_a_colleague_recorded_meanwhile_is_not_overwritten_by_what_is_put_back(staff_site, register):
    visitor, first = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    send_late(staff_site, visitor, register, {f"was-{first}": "none", f"outcome-{first}": "none"})
    other = staff_site.signed_in("manager")
    other.post(register, {f"was-{first}": "none", f"outcome-{first}": "UAAB"})
    page, _ = sign_in(visitor)
    fields = {f"was-{first}": re.search(rf'name="was-{first}" value="(\w+)"', page.text)[1], f"outcome-{first}": "none"}
    visitor.client.post(register, data={**fields, "form_token": form_token(page.text)})
    assert outcome(staff_site, "P00", 13) == "UAAB"


def test_another_member_at_the_same_browser_gets_nothing_of_it(staff_site, register):
    visitor, first = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    send_late(staff_site, visitor, register, {f"was-{first}": "none", f"outcome-{first}": "ATTC"})
    page, _ = sign_in(visitor, "manager")
    assert AGAIN not in words(page.text)
    assert AGAIN not in visitor.text(register)
    assert kept(staff_site) == []


def test_the_same_member_at_another_browser_gets_nothing_of_it_and_after_an_hour_nobody_does(staff_site, register):
    visitor = staff_site.signed_in()
    send_late(staff_site, visitor, register, {})
    assert AGAIN not in staff_site.signed_in().text(register)
    assert len(kept(staff_site)) == 1
    staff_site.now += timedelta(hours=1)
    page, _ = sign_in(visitor)
    assert AGAIN not in words(page.text)
    assert kept(staff_site) == []


def test_of_two_tabs_of_one_ended_session_each_gets_its_own_form_back(staff_site, register):
    other = f"/staff/sessions/{session_of(staff_site, 'Evening A', 14)}/register"
    visitor, first = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    tabs = {path: form_token(visitor.get(path).text) for path in (register, other)}
    staff_site.now += timedelta(minutes=30)
    for path, code in ((register, "ATTC"), (other, "AAME"), (register, "AAEM")):
        fields = {f"was-{first}": "none", f"outcome-{first}": code, "form_token": tabs[path]}
        assert visitor.client.post(path, data=fields).headers["location"] == "/staff/sign-in?done=kept"
    assert len(kept(staff_site)) == 2, "one for each page, the latest"
    page, address = sign_in(visitor)
    assert address == register, "the one that was sent last"
    for path, shown, code in ((register, page.text, "AAEM"), (other, visitor.get(other).text, "AAME")):
        field = re.search(rf'(?s)<select[^>]*name="outcome-{first}".*?</select>', shown)[0]
        assert re.findall(r'<option value="(\w+)" selected', field) == [code], path
    assert kept(staff_site) == []


def test_a_browser_has_no_more_than_so_many_forms(staff_site):
    forms = [KeptForm(f"/staff/sessions/{n}/register", "", [("n", str(n))]) for n in range(kept_forms.MOST + 5)]
    with staff_site.record.writing() as connection:
        for form in forms:
            kept_forms.keep(connection, "token", 1, form, staff_site.now)
        assert kept_forms.newest(connection, "token", 1, staff_site.now) == forms[-1]
        assert kept_forms.find(connection, "token", 1, forms[4].page, staff_site.now) is None
        assert kept_forms.find(connection, "token", 1, forms[5].page, staff_site.now) == forms[5]
        kept_forms.hand_on(connection, "token", "new", 2, staff_site.now)
    assert kept(staff_site) == [], "somebody else has signed in"


def test_it_is_encrypted_and_nothing_of_it_stands_in_the_address_or_a_cookie(staff_site):
    raised(staff_site)
    visitor = staff_site.signed_in()
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    late = send_late(staff_site, visitor, "/staff/alerts/1/close", {"outcome": "other", "note": "a canary"})
    with staff_site.record.reading() as connection:
        raw = connection.exec_driver_sql("SELECT * FROM kept_form").one()
    assert b"canary" not in b"".join(bytes(value) for value in raw if isinstance(value, bytes))
    assert "canary" not in late.headers["location"] + str(late.headers.get_list("set-cookie"))
    assert not any("canary" in value for value in visitor.client.cookies.values())
    page, address = sign_in(visitor)
    assert address == "/staff/alerts/1/close"
    assert re.search(r"<textarea[^>]*name=\"note\"[^>]*>\s*a canary</textarea>", page.text)
    assert re.search(r'value="other"[^>]* checked', page.text)


def test_passwords_and_codes_are_never_kept(staff_site):
    visitor = staff_site.signed_in()
    secret = {
        "password": "a canary password",
        "new": "a canary password",
        "again": "a canary password",
        "code": "123456",
    }
    late = send_late(staff_site, visitor, "/staff/account/password", secret)
    assert late.headers["location"] == "/staff/sign-in"
    assert kept(staff_site) == []
    page, address = sign_in(visitor)
    assert (address, "canary" in page.text) == ("/staff/account/password", False)


def test_a_page_that_is_asked_for_is_the_page_after_signing_in(staff_site):
    visitor, path = staff_site.signed_in(), f"/staff/participants/{person(staff_site, 'P00')}"
    staff_site.now += timedelta(minutes=30)
    assert visitor.get(path).headers["location"] == "/staff/sign-in"
    assert sign_in(visitor)[1] == path
    assert sign_in(staff_site.visitor())[1] == "/staff"


@pytest.mark.parametrize("page", ["//evil.example", "/staff/../evil", "https://evil.example", "/", "/staff/nothing"])
def test_no_cookie_leads_anywhere_else(staff_site, page):
    visitor = staff_site.visitor()
    visitor.client.cookies.set("staff-page", page.replace("/", "%2F"), path="/staff")
    assert sign_in(visitor)[1] == "/staff"


def test_signing_in_elsewhere_meanwhile_saves_the_old_tab_for_the_same_member_alone(staff_site, register):
    visitor, first = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    token = form_token(visitor.get(register).text)
    fields = {f"was-{first}": "none", f"outcome-{first}": "ATTC", "form_token": token}
    visitor.post("/staff/sign-out", {}, "/staff")
    sign_in(visitor, "manager")
    assert visitor.client.post(register, data=fields).status_code == 403
    visitor.post("/staff/sign-out", {}, "/staff")
    sign_in(visitor)
    assert visitor.client.post(register, data=fields).headers["location"].endswith("done=register_saved")
    assert outcome(staff_site, "P00", 13) == "ATTC"


def test_a_page_that_stood_open_over_a_weekend_is_taken_and_one_of_last_week_is_not(staff_site, register):
    assert send_late(staff_site, staff_site.signed_in(), register, {}, minutes=3 * 24 * 60).status_code == 303
    assert len(kept(staff_site)) == 1
    assert send_late(staff_site, staff_site.signed_in(), register, {}, minutes=8 * 24 * 60).status_code == 403


def test_a_browser_that_was_closed_meanwhile_and_lost_its_cookies_loses_no_form(staff_site, register):
    visitor, first = staff_site.signed_in(), enrolment_of(staff_site, "P00")
    token = form_token(visitor.get(register).text)
    visitor.client.cookies.clear()
    fields = {f"was-{first}": "none", f"outcome-{first}": "ATTC", "form_token": token}
    assert visitor.client.post(register, data=fields).headers["location"] == "/staff/sign-in?done=kept"
    page, address = sign_in(visitor)
    assert (address, AGAIN in words(page.text)) == (register, True)


def test_what_has_no_form_any_more_is_shown_as_it_was_written(staff_site):
    raised(staff_site)
    visitor = staff_site.signed_in()
    visitor.follow("/staff/alerts/1/acknowledge", {}, "/staff")
    late = send_late(staff_site, visitor, "/staff/alerts/1/acknowledge", {"note": "rang <at> ten"}, "/staff")
    assert late.status_code == 303
    page = words(sign_in(visitor)[0].text)
    assert "its form is no longer on this page" in page
    assert "rang <at> ten" in page


def test_files_to_import_are_there_again(staff_site):
    visitor = staff_site.signed_in("manager")
    token = form_token(visitor.get("/staff/import").text)
    staff_site.now += timedelta(minutes=30)
    files = [("files", ("groups.csv", b'group,option,venue\nNew,day,"Room <1>"\n', "text/csv"))]
    late = visitor.client.post("/staff/import", data={"form_token": token}, files=files)
    assert late.headers["location"] == "/staff/sign-in?done=kept"
    page, address = sign_in(visitor, "manager")
    assert address == "/staff/import"
    assert "The files too: groups.csv" in words(page.text)
    assert '<input type="hidden" name="file groups.csv"' in page.text


# In a browser


@pytest.mark.parametrize("way", [WAYS["desk"], WAYS["telephone without JavaScript"]], ids=["desk", "telephone"])
def test_a_register_is_filled_in_over_the_end_of_a_session(staff_site, browser, register, way):
    with listening(staff_site.application) as address, browsing(browser, address, *way) as made:
        page = made.page("facilitator")
        page.goto(register)
        page.get_by_label("Outcome for Ada Invented").select_option("ATTC")
        staff_site.now += timedelta(minutes=31)
        page.get_by_role("button", name="Save the register").click()
        page.get_by_text("What you entered is kept for an hour").wait_for()
        made.look(page, "kept-sign-in")
        page.get_by_label("Email address").fill("facilitator@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text(AGAIN).wait_for()
        assert page.get_by_label("Outcome for Ada Invented").input_value() == "ATTC"
        made.look(page, "kept-register")
        page.get_by_role("button", name="Save the register").click()
        page.get_by_text("The register is saved.").wait_for()
    assert outcome(staff_site, "P00", 13) == "ATTC"


def test_what_is_entered_when_the_page_leaves_by_itself_is_kept(staff_site, browser):
    raised(staff_site)
    with listening(staff_site.application) as address, browsing(browser, address, 1280, True) as made:
        page = made.page()
        page.clock.install()
        page.goto("/staff")
        page.get_by_label("Email address").fill("facilitator@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Take this on").click()
        page.get_by_text("You have taken the alert on.").wait_for()
        page.goto("/staff/alerts/1/close")
        page.get_by_label("Spoke to them").check()
        page.get_by_label("Note").fill("Rang at ten.\nIs with family & friends.")
        staff_site.now += timedelta(minutes=31)
        page.clock.run_for(30 * 60 * 1000)
        page.get_by_text("What you entered is kept for an hour").wait_for()
        page.get_by_label("Email address").fill("facilitator@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text(AGAIN).wait_for()
        assert page.get_by_label("Spoke to them").is_checked()
        assert page.get_by_label("Note").input_value() == "Rang at ten.\nIs with family & friends."


# The filling


PAGE = """<form action="/other" method="post"><input name="a" value="theirs"></form>
<form method="post"><input type="hidden" name="form_token" value="new"><input type="hidden" name="was" value="old">
<input name="a" value="&lt;1&gt;"><input type="checkbox" name="b" value="y" checked><input type="radio" name="c" value="1"
checked><input type="radio" name="c" value="2"><select name="d"><option value="">Choose</option>
<option value="x">\u2028X</option></select><textarea name="e" rows="4">
before</textarea><input type="password" name="p"><button name="do" value="z">Go</button></form><textarea>left</textarea>"""


def test_fields_are_put_back_as_they_were_sent():
    fields = [("a", "<2>\"&'"), ("c", "2"), ("d", "x"), ("e", "two\nlines </textarea>"), ("was", "older")]
    fields += [("form_token", "old"), ("p", "never"), ("gone", "<3>"), ("gone", "4")]
    filled = fill(PAGE, "/here", "/here", fields, ("form_token",))
    assert '<input name="a" value="theirs">' in filled
    assert '<input name="a" value="&lt;2&gt;&quot;&amp;&#x27;">' in filled
    assert '<input type="checkbox" name="b" value="y">' in filled, "not ticked when it was sent"
    assert '<input type="radio" name="c" value="1"><input type="radio" name="c" value="2" checked="checked">' in filled
    assert '<option value="x" selected="selected">' in filled
    assert '<textarea name="e" rows="4">\ntwo\nlines &lt;/textarea&gt;</textarea>' in filled
    assert 'name="was" value="older"' in filled
    assert 'name="form_token" value="new"' in filled
    assert '<input type="hidden" name="gone" value="&lt;3&gt;"><input type="hidden" name="gone" value="4">' in filled
    assert "never" not in filled
    assert filled.endswith("<textarea>left</textarea>")
    assert fill(PAGE, "/here", "/there", fields, ()) is None
