"""A member's own account: another password and the authenticator app, by whoever proves to be the member."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from bot.records.staff.signing_in import LONGEST_WAIT, sign_in
from bot.records.staff.tables import staff
from tests.support.serving import listening
from tests.support.staff_desk import NOW, PASSWORD
from tests.support.staff_pages import browsing
from tests.support.staff_records import audited, row

NEW = "another invented password"
EMAIL = "facilitator@example.org"
CHANGE, APP = "/staff/account/password", "/staff/account/app"


def fields(**more):
    return {"password": PASSWORD, "new": NEW, "again": NEW} | more


def may_sign_in(staff_site, password, code=""):
    with staff_site.record.writing() as connection:
        return sign_in(connection, EMAIL, password, code, staff_site.now) is not None


def secret_on(html):
    return re.search(r'name="secret" value="([A-Z2-7]{32})"', html)[1]


def code(secret, staff_site):
    return pyotp.TOTP(secret).at(staff_site.now)


def with_app(staff_site, visitor):
    """Set the app up as a member does; return its secret."""
    secret = secret_on(visitor.get(APP).text)
    page = visitor.follow(APP, {"secret": secret, "password": PASSWORD, "fresh": code(secret, staff_site)})
    assert "Your authenticator app is set up." in page
    staff_site.now += timedelta(seconds=60)
    return secret


def test_the_password_is_changed_and_every_other_session_ends(staff_site):
    visitor, other = staff_site.signed_in(), staff_site.signed_in()
    before = visitor.client.cookies["staff"]
    assert "Your password is changed." in visitor.follow(CHANGE, fields())
    assert visitor.client.cookies["staff"] != before
    assert other.get("/staff").headers["location"] == "/staff/sign-in"
    assert visitor.get("/staff").status_code == 200
    assert not may_sign_in(staff_site, PASSWORD)
    staff_site.now += timedelta(minutes=1)
    assert may_sign_in(staff_site, NEW)
    (entry,) = audited(staff_site, "staff password set")
    assert entry.actor == "staff:1", "by the member, not from the command line"


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"password": "wrong"}, 403, "The password or the present code is wrong"),
        ({"new": "short", "again": "short"}, 400, "Enter 12 characters or more"),
        ({"new": "password1234", "again": "password1234"}, 400, "Many people use that password"),
        ({"new": "Fay Invented 1", "again": "Fay Invented 1"}, 400, "It has your name"),
        ({"again": "something else that is long"}, 400, "The two new passwords are not the same"),
        ({"password": ""}, 400, "Enter your present password"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changed(staff_site, given, status, told):
    response = staff_site.signed_in().post(CHANGE, fields(**given))
    assert response.status_code == status
    assert told in response.text
    assert NEW not in response.text
    assert may_sign_in(staff_site, PASSWORD)


def test_who_guesses_the_password_at_an_open_session_has_to_wait_longer_and_longer(staff_site):
    visitor = staff_site.signed_in()
    for _ in range(10):
        assert visitor.post(CHANGE, fields(password="wrong")).status_code == 403
        staff_site.now += timedelta(minutes=40)
        _keep_open(staff_site)
    assert visitor.post(CHANGE, fields(password="wrong")).status_code == 403
    assert visitor.post(CHANGE, fields()).status_code == 403, "right, but too soon after so many wrong ones"
    assert len(audited(staff_site, "sign-in wrong")) == 11
    staff_site.now += LONGEST_WAIT
    _keep_open(staff_site)
    assert visitor.post(CHANGE, fields()).status_code == 303
    assert may_sign_in(staff_site, NEW)


def _keep_open(staff_site):
    """Keep the session open, as somebody who clicks on would."""
    with staff_site.record.writing() as connection:
        from bot.records.staff.tables import staff_session

        connection.execute(
            staff_session.update().values(seen_at=staff_site.now, expires_at=staff_site.now + timedelta(1))
        )


def test_the_app_is_set_up_once_a_code_shows_that_it_works(staff_site):
    visitor = staff_site.signed_in()
    page = visitor.get(APP)
    secret = secret_on(page.text)
    assert f"otpauth://totp/Leafline:facilitator%40example.org?secret={secret}" in page.text
    assert page.text.count('class="qr" role="img" aria-label="QR code of the key below"><svg ') == 1
    wrong = visitor.post(APP, {"secret": secret, "password": PASSWORD, "fresh": "000000"})
    assert (wrong.status_code, secret_on(wrong.text)) == (400, secret)
    assert row(staff_site, select(staff.c.totp).where(staff.c.id == 1)).totp is None, "nobody is locked out by a slip"
    with_app(staff_site, visitor)
    assert not may_sign_in(staff_site, PASSWORD)
    assert audited(staff_site, "staff TOTP set")[0].actor == "staff:1"


def test_replacing_the_app_or_the_password_asks_for_the_present_code(staff_site):
    visitor = staff_site.signed_in()
    old = with_app(staff_site, visitor)
    fresh = secret_on(visitor.get(APP).text)
    assert fresh != old
    new = {"secret": fresh, "password": PASSWORD, "fresh": code(fresh, staff_site)}
    assert visitor.post(APP, new).status_code == 403
    assert visitor.post(CHANGE, fields()).status_code == 403
    assert "Your authenticator app is set up." in visitor.follow(APP, {**new, "code": code(old, staff_site)})
    staff_site.now += timedelta(seconds=60)
    assert not may_sign_in(staff_site, PASSWORD, code(old, staff_site))
    assert may_sign_in(staff_site, PASSWORD, code(fresh, staff_site))


def test_a_code_that_set_the_app_up_opens_nothing_again(staff_site):
    visitor = staff_site.signed_in()
    secret = secret_on(visitor.get(APP).text)
    used = code(secret, staff_site)
    visitor.follow(APP, {"secret": secret, "password": PASSWORD, "fresh": used})
    assert not may_sign_in(staff_site, PASSWORD, used)


@pytest.mark.parametrize("secret", ["", "A", "a" * 32, "A" * 33, "<script>"])
def test_a_secret_that_no_page_gave_is_refused(staff_site, secret):
    given = {"secret": secret, "password": PASSWORD, "fresh": "123456"}
    assert staff_site.signed_in().post(APP, given).status_code == 400


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_the_account_in_a_browser(browser, staff_site, width, script):
    assert staff_site.now == NOW
    with listening(staff_site.application) as address, browsing(browser, address, width, script) as made:
        page = made.page("facilitator")
        page.get_by_role("link", name="Your account").click()
        page.get_by_text("Not set up: the password alone is enough").wait_for()
        made.look(page, "account")
        page.get_by_role("link", name="Set up the authenticator app").click()
        page.get_by_role("heading", level=1, name="Set up your authenticator app").wait_for()
        secret = page.locator(".key").inner_text().replace(" ", "").replace("\n", "")
        page.get_by_label("Code from the new app").fill("000000")
        page.get_by_label("Present password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Use this app").click()
        page.get_by_role("link", name="That is not the code that the new app shows now").wait_for()
        made.look(page, "account-app")
        page.get_by_label("Code from the new app").fill(code(secret, staff_site))
        page.get_by_label("Present password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Use this app").click()
        page.get_by_text("Your authenticator app is set up.").wait_for()
        page.get_by_role("link", name="Change the password").click()
        page.get_by_label("Present code").wait_for()
        made.look(page, "account-password")
