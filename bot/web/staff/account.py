"""A member's own account: another password, and the authenticator app. The old password is asked for each time."""

import re

import segno
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import EqualTo, InputRequired, Length

from bot.records.staff import login_sessions, members, passwords, signing_in
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, PasswordField, StringField
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PATH = "/staff/account"
WRONG = "The password or the present code is wrong, or it is too soon to try again"
_SECRET = re.compile(r"[A-Z2-7]{32}")


class ChangePasswordForm(Form):
    """Asks for the present password, and for the new one twice."""

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


class SetAuthenticatorForm(Form):
    """Asks for what proves who asks, and for a code from the new app."""

    password = PasswordField("Present password", [InputRequired("Enter your present password"), Length(max=200)])
    code = StringField("Present code", [Length(max=20)], description="Six digits from the app you have used so far")
    fresh = StringField(
        "Code from the new app", [InputRequired("Enter the code that the new app shows"), Length(max=20)]
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/account", show),
        app.route("/account/password", ask_password),
        app.route("/account/password", change_password, ["POST"]),
        app.route("/account/app", ask_app),
        app.route("/account/app", set_app, ["POST"]),
    ]


def show(request: StaffRequest) -> Response:
    """Show who is signed in, and what can be changed."""
    return request.render("staff/account.html", {"has_app": members.has_totp(request.connection, request.member.id)})


def ask_password(request: StaffRequest) -> Response:
    """Ask for the old and the new password."""
    return _password_page(request, ChangePasswordForm())


def change_password(request: StaffRequest) -> Response:
    """Change the password; whatever session is open elsewhere ends."""
    form = ChangePasswordForm(request.form)
    if not form.validate() or not _good(request, form):
        return _password_page(request, form, 400)
    if not _proved(request, form):
        form.password.errors = [WRONG]
        return _password_page(request, form, 403)
    who = request.member
    members.set_password(request.connection, who.id, form.new.data, who.actor, request.now)
    return _signed_in_anew(request, "account_changed")


def _good(request: StaffRequest, form: ChangePasswordForm) -> bool:
    """Tell whether nobody will guess the new password; say why beside it where somebody will."""
    why = passwords.weakness(form.new.data, members.known_of(request.connection, request.member.id))
    form.new.errors = [why] if why else []
    return why is None


def ask_app(request: StaffRequest) -> Response:
    """Show a new secret, and ask for a code made from it."""
    return _app_page(request, SetAuthenticatorForm(), members.new_totp())


def set_app(request: StaffRequest) -> Response:
    """Use the new secret from now on, once a code shows that the app has it."""
    form, secret = SetAuthenticatorForm(request.form), request.form.get("secret", "")
    if not _SECRET.fullmatch(secret):
        raise HTTPException(400)
    if not form.validate():
        return _app_page(request, form, secret, 400)
    if not _proved(request, form):
        form.password.errors = [WRONG]
        return _app_page(request, form, secret, 403)
    who = request.member
    if not members.use_totp(request.connection, who.id, secret, form.fresh.data, who.actor, request.now):
        form.fresh.errors = ["That is not the code that the new app shows now"]
        return _app_page(request, form, secret, 400)
    return _signed_in_anew(request, "totp_set")


def _proved(request: StaffRequest, form: ChangePasswordForm | SetAuthenticatorForm) -> bool:
    """Tell whether whoever holds the session is the member; wrong tries count as they do when signing in."""
    who = request.member
    address = request.client
    return signing_in.reauthenticate(
        request.connection, who.id, form.password.data, form.code.data, request.now, address
    )


def _signed_in_anew(request: StaffRequest, done: str) -> Response:
    """Go on with a session of its own: every other one, and the cookie from before, opens nothing any more."""
    token = cookies.new()
    login_sessions.end_all(request.connection, request.member)
    login_sessions.begin(request.connection, token, request.member, request.now)
    response = request.redirect(PATH, done)
    request.app.put_cookie(response, token)
    return response


def _password_page(request: StaffRequest, form: ChangePasswordForm, status: int = 200) -> Response:
    has_app = members.has_totp(request.connection, request.member.id)
    return request.render("staff/account_password.html", {"form": form, "has_app": has_app}, status)


def _app_page(request: StaffRequest, form: SetAuthenticatorForm, secret: str, status: int = 200) -> Response:
    address = members.totp_address(request.connection, request.member.id, secret)
    values = {
        "form": form,
        "has_app": members.has_totp(request.connection, request.member.id),
        "secret": secret,
        "address": address,
        "qr": segno.make_qr(address).svg_inline(light="#fff", omitsize=True),
    }
    return request.render("staff/account_app.html", values, status)
