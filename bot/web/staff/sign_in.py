"""Signing in and out."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import InputRequired, Length

from bot.records.staff import kept_forms, login_sessions, members
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.signing_in import sign_in
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, PasswordField, StringField
from bot.web.staff import restored_forms
from bot.web.staff.app import StaffApp
from bot.web.staff.navigation import HOME, SIGN_IN
from bot.web.staff.request import StaffRequest

WRONG = "The email address, password or code is wrong, or it is too soon to try again"
"""The same whatever it was: who guesses learns nothing."""


class StaffSignInForm(Form):
    """Asks for email address, password and, from those who use one, the code of an app."""

    email = StringField("Email address", [InputRequired("Enter your email address"), Length(max=200)])
    password = PasswordField("Password", [InputRequired("Enter your password"), Length(max=200)])
    code = StringField("Code", [Length(max=20)], description="Six digits from your authenticator app, if you use one")


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/sign-in", show, auth=None),
        app.route("/sign-in", enter, ["POST"], auth=None),
        app.route("/sign-out", leave, ["POST"]),
        app.route("/keep", keep, ["POST"], auth=None, upload=True, keeps_forms=True),
    ]


def show(request: StaffRequest) -> Response:
    """Show the form; whoever is signed in goes on to the first page."""
    if request.user is not None:
        return request.redirect(
            _back(request, kept_forms.newest(request.connection, request.token, request.user.id, request.now))
        )
    return request.render("staff/sign_in.html", {"form": StaffSignInForm()})


def enter(request: StaffRequest) -> Response:
    """Sign in. The session gets a token of its own: the one from before signing in opens nothing."""
    form = StaffSignInForm(request.form)
    if not form.validate():
        return request.render("staff/sign_in.html", {"form": form}, 400)
    address = request.client
    # By account too: behind a proxy that is not trusted all have one address, and somebody's slips are their own.
    tried = f"{address} {members.plain(form.email.data)}"
    if not request.app.attempts.may_try(tried, request.now):
        raise HTTPException(429)
    who = sign_in(request.connection, form.email.data, form.password.data, form.code.data, request.now, address)
    if who is None:
        request.app.attempts.failed(tried, request.now)
        form.email.errors = [WRONG]
        return request.render("staff/sign_in.html", {"form": form}, 403)
    token = cookies.new()
    login_sessions.begin(request.connection, token, who, request.now)
    response = request.redirect(
        _back(request, kept_forms.hand_on(request.connection, request.token, token, who.id, request.now))
    )
    request.app.put_cookie(response, token)
    _forget_page(request, response)
    return response


def _back(request: StaffRequest, form: KeptForm | None) -> str:
    """Return where to go on: to the form that is kept, else to the page that was asked for."""
    page = restored_forms.address(request.http, form) if form else restored_forms.remembered(request.http)
    return page or HOME


def _forget_page(request: StaffRequest, response: Response) -> None:
    if restored_forms.PAGE_COOKIE in request.http.cookies:
        cookies.drop(response, restored_forms.PAGE_COOKIE, HOME, secure=request.app.settings.secure_cookies)


def keep(request: StaffRequest) -> Response:
    """Keep what is entered on a page whose session ends; its script asks for it, since nobody sends the form."""
    if request.sent_form is None:
        return request.redirect(SIGN_IN)
    if request.user and request.user.id != request.sent_form.member:
        raise HTTPException(403)
    form = restored_forms.from_fields(request.sent_form, request.form.get("kept_action", ""), request.form)
    response = Response(status_code=204)
    if form is not None:
        form = replace(form, fields=[(name, value) for name, value in form.fields if name != "kept_action"])
        kept_forms.keep(request.connection, request.token, request.sent_form.member, form, request.now)
    restored_forms.remember(response, request.sent_form.page, secure=request.app.settings.secure_cookies)
    return response


def leave(request: StaffRequest) -> Response:
    """Sign out."""
    login_sessions.end(request.connection, request.token, request.member, request.now)
    response = request.redirect(SIGN_IN, "signed_out")
    cookies.drop(response, "staff", HOME, secure=request.app.settings.secure_cookies)
    _forget_page(request, response)
    return response
