"""Signing in and out."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from bot.records.staff import sessions
from bot.records.staff.signing_in import sign_in
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form
from bot.web.staff.desk import DONE, HOME, SIGN_IN, Desk, Visit

DONE["signed_out"] = "You are signed out."
DONE["idle"] = "You are signed out, because nothing was done for 30 minutes."

WRONG = "The email address, password or code is wrong, or it is too soon to try again"
"""The same whatever it was: who guesses learns nothing."""


class SignIn(Form):
    """What a member shows."""

    email = StringField("Email address", [InputRequired("Enter your email address"), Length(max=200)])
    password = PasswordField("Password", [InputRequired("Enter your password"), Length(max=200)])
    code = StringField("Code", [Length(max=20)], description="Six digits from your authenticator app, if you use one")


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [
        desk.open_route("/sign-in", show),
        desk.open_route("/sign-in", enter, ["POST"]),
        desk.route("/sign-out", leave, ["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Show the form; whoever is signed in goes on to the first page."""
    if visit.who is not None:
        return visit.go(HOME)
    return visit.page("staff/sign_in.html", {"form": SignIn()})


def enter(visit: Visit) -> Response:
    """Sign in. The session gets a token of its own: the one from before signing in opens nothing."""
    form = SignIn(visit.form)
    if not form.validate():
        return visit.page("staff/sign_in.html", {"form": form}, 400)
    address = visit.request.client.host if visit.request.client else ""
    if not visit.desk.attempts.may_try(address, visit.now):
        raise HTTPException(429)
    who = sign_in(visit.connection, form.email.data, form.password.data, form.code.data, visit.now)
    if who is None:
        visit.desk.attempts.failed(address, visit.now)
        form.email.errors = [WRONG]
        return visit.page("staff/sign_in.html", {"form": form}, 403)
    token = cookies.new()
    sessions.begin(visit.connection, token, who, visit.now)
    response = visit.go(HOME)
    visit.desk.put_cookie(response, token)
    return response


def leave(visit: Visit) -> Response:
    """Sign out."""
    sessions.end(visit.connection, visit.token, visit.member, visit.now)
    response = visit.go(SIGN_IN, "signed_out")
    cookies.drop(response, "staff", HOME, secure=visit.desk.settings.secure_cookies)
    return response
