"""A member's own account: another password, and the authenticator app. The old password is asked for each time."""

import re

import segno
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import EqualTo, InputRequired, Length

from bot.records.staff import login_sessions, members, passwords, signing_in
from bot.web.client import client
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, PasswordField, StringField
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

PATH = "/staff/account"
FLASH_MESSAGES["account_changed"] = "Your password is changed. You are signed out everywhere else."
FLASH_MESSAGES["totp_set"] = "Your authenticator app is set up. You are signed out everywhere else."
WRONG = "The password or the present code is wrong, or it is too soon to try again"
_SECRET = re.compile(r"[A-Z2-7]{32}")


class ChangePassword(Form):
    """The old one, and the new one twice."""

    password = PasswordField("Present password", [InputRequired("Enter your present password"), Length(max=200)])
    code = StringField("Present code", [Length(max=20)], description="Six digits from your authenticator app")
    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password"), Length(max=200)],
        description=f"{passwords.SHORTEST} characters or more. Three words that do not belong together are good",
    )
    again = PasswordField(
        "The new password again",
        [InputRequired("Enter the new password again"), EqualTo("new", "The two new passwords are not the same")],
    )


class SetApp(Form):
    """What proves who asks, and a code from the new app."""

    password = PasswordField("Present password", [InputRequired("Enter your present password"), Length(max=200)])
    code = StringField("Present code", [Length(max=20)], description="Six digits from the app you have used so far")
    fresh = StringField(
        "Code from the new app", [InputRequired("Enter the code that the new app shows"), Length(max=20)]
    )


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/account", show),
        desk.route("/account/password", ask_password),
        desk.route("/account/password", change_password, ["POST"]),
        desk.route("/account/app", ask_app),
        desk.route("/account/app", set_app, ["POST"]),
    ]


def show(visit: StaffRequest) -> Response:
    """Show who is signed in, and what can be changed."""
    return visit.page("staff/account.html", {"has_app": members.has_totp(visit.connection, visit.member.id)})


def ask_password(visit: StaffRequest) -> Response:
    """Ask for the old and the new password."""
    return _password_page(visit, ChangePassword())


def change_password(visit: StaffRequest) -> Response:
    """Change the password; whatever session is open elsewhere ends."""
    form = ChangePassword(visit.form)
    if not form.validate() or not _good(visit, form):
        return _password_page(visit, form, 400)
    if not _proved(visit, form):
        form.password.errors = [WRONG]
        return _password_page(visit, form, 403)
    who = visit.member
    members.set_password(visit.connection, who.id, form.new.data, who.actor, visit.now)
    return _signed_in_anew(visit, "account_changed")


def _good(visit: StaffRequest, form: ChangePassword) -> bool:
    """Tell whether nobody will guess the new password; say why beside it where somebody will."""
    why = passwords.weakness(form.new.data, members.known_of(visit.connection, visit.member.id))
    form.new.errors = [why] if why else []
    return why is None


def ask_app(visit: StaffRequest) -> Response:
    """Show a new secret, and ask for a code made from it."""
    return _app_page(visit, SetApp(), members.new_totp())


def set_app(visit: StaffRequest) -> Response:
    """Use the new secret from now on, once a code shows that the app has it."""
    form, secret = SetApp(visit.form), visit.form.get("secret", "")
    if not _SECRET.fullmatch(secret):
        raise HTTPException(400)
    if not form.validate():
        return _app_page(visit, form, secret, 400)
    if not _proved(visit, form):
        form.password.errors = [WRONG]
        return _app_page(visit, form, secret, 403)
    who = visit.member
    if not members.use_totp(visit.connection, who.id, secret, form.fresh.data, who.actor, visit.now):
        form.fresh.errors = ["That is not the code that the new app shows now"]
        return _app_page(visit, form, secret, 400)
    return _signed_in_anew(visit, "totp_set")


def _proved(visit: StaffRequest, form: ChangePassword | SetApp) -> bool:
    """Tell whether whoever holds the session is the member; wrong tries count as they do when signing in."""
    who = visit.member
    address = client(visit.request)
    return signing_in.proved(visit.connection, who.id, form.password.data, form.code.data, visit.now, address)


def _signed_in_anew(visit: StaffRequest, done: str) -> Response:
    """Go on with a session of its own: every other one, and the cookie from before, opens nothing any more."""
    token = cookies.new()
    login_sessions.end_all(visit.connection, visit.member)
    login_sessions.begin(visit.connection, token, visit.member, visit.now)
    response = visit.go(PATH, done)
    visit.desk.put_cookie(response, token)
    return response


def _password_page(visit: StaffRequest, form: ChangePassword, status: int = 200) -> Response:
    has_app = members.has_totp(visit.connection, visit.member.id)
    return visit.page("staff/account_password.html", {"form": form, "has_app": has_app}, status)


def _app_page(visit: StaffRequest, form: SetApp, secret: str, status: int = 200) -> Response:
    address = members.totp_address(visit.connection, visit.member.id, secret)
    values = {
        "form": form,
        "has_app": members.has_totp(visit.connection, visit.member.id),
        "secret": secret,
        "address": address,
        "qr": segno.make_qr(address).svg_inline(light="#fff", omitsize=True),
    }
    return visit.page("staff/account_app.html", values, status)
