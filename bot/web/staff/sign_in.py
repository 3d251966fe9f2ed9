"""Signing in and out."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import InputRequired, Length

from bot.records.staff import kept_forms, login_sessions, members
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.signing_in import sign_in
from bot.web.client import client
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, PasswordField, StringField
from bot.web.staff import restored_forms
from bot.web.staff.desk import FLASH_MESSAGES, HOME, SIGN_IN, StaffApp, StaffRequest

FLASH_MESSAGES["signed_out"] = "You are signed out."
FLASH_MESSAGES["kept"] = (
    "Your session had ended. What you entered is kept for an hour: sign in again, and you are back at the page with it."
)
FLASH_MESSAGES["idle_kept"] = (
    "You are signed out, because nothing was done for 30 minutes. What you entered is kept for an hour: "
    "sign in again, and you are back at the page with it."
)
FLASH_MESSAGES["idle"] = "You are signed out, because nothing was done for 30 minutes."

WRONG = "The email address, password or code is wrong, or it is too soon to try again"
"""The same whatever it was: who guesses learns nothing."""


class StaffSignInForm(Form):
    """What a member shows."""

    email = StringField("Email address", [InputRequired("Enter your email address"), Length(max=200)])
    password = PasswordField("Password", [InputRequired("Enter your password"), Length(max=200)])
    code = StringField("Code", [Length(max=20)], description="Six digits from your authenticator app, if you use one")


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.open_route("/sign-in", show),
        desk.open_route("/sign-in", enter, ["POST"]),
        desk.route("/sign-out", leave, ["POST"]),
        desk.keeping_route("/keep", keep),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the form; whoever is signed in goes on to the first page."""
    if visit.who is not None:
        return visit.go(_back(visit, kept_forms.find(visit.connection, visit.token, visit.who.id, visit.now)))
    return visit.page("staff/sign_in.html", {"form": StaffSignInForm()})


def enter(visit: StaffRequest) -> Response:
    """Sign in. The session gets a token of its own: the one from before signing in opens nothing."""
    form = StaffSignInForm(visit.form)
    if not form.validate():
        return visit.page("staff/sign_in.html", {"form": form}, 400)
    address = client(visit.request)
    # By account too: behind a proxy that is not trusted all have one address, and somebody's slips are their own.
    tried = f"{address} {members.plain(form.email.data)}"
    if not visit.desk.attempts.may_try(tried, visit.now):
        raise HTTPException(429)
    who = sign_in(visit.connection, form.email.data, form.password.data, form.code.data, visit.now, address)
    if who is None:
        visit.desk.attempts.failed(tried, visit.now)
        form.email.errors = [WRONG]
        return visit.page("staff/sign_in.html", {"form": form}, 403)
    token = cookies.new()
    login_sessions.begin(visit.connection, token, who, visit.now)
    response = visit.go(_back(visit, kept_forms.hand_on(visit.connection, visit.token, token, who.id, visit.now)))
    visit.desk.put_cookie(response, token)
    _forget_page(visit, response)
    return response


def _back(visit: StaffRequest, form: KeptForm | None) -> str:
    """Return where to go on: to the form that is kept, else to the page that was asked for."""
    page = restored_forms.address(visit.request, form) if form else restored_forms.remembered(visit.request)
    return page or HOME


def _forget_page(visit: StaffRequest, response: Response) -> None:
    if restored_forms.PAGE_COOKIE in visit.request.cookies:
        cookies.drop(response, restored_forms.PAGE_COOKIE, HOME, secure=visit.desk.settings.secure_cookies)


def keep(visit: StaffRequest) -> Response:
    """Keep what is entered on a page whose session ends; its script asks for it, since nobody sends the form."""
    if visit.shown is None:
        return visit.go(SIGN_IN)
    if visit.who and visit.who.id != visit.shown.member:
        raise HTTPException(403)
    form = restored_forms.from_fields(visit.shown, visit.form.get("kept_action", ""), visit.form)
    response = Response(status_code=204)
    if form is not None:
        form = replace(form, fields=[(name, value) for name, value in form.fields if name != "kept_action"])
        kept_forms.keep(visit.connection, visit.token, visit.shown.member, form, visit.now)
    restored_forms.remember(response, visit.shown.page, secure=visit.desk.settings.secure_cookies)
    return response


def leave(visit: StaffRequest) -> Response:
    """Sign out."""
    login_sessions.end(visit.connection, visit.token, visit.member, visit.now)
    response = visit.go(SIGN_IN, "signed_out")
    cookies.drop(response, "staff", HOME, secure=visit.desk.settings.secure_cookies)
    _forget_page(visit, response)
    return response
