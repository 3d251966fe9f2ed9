"""Signing in at the screen, with reference and PIN; the first time with a link code, choosing the PIN here."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, StopValidation

from bot.records import identities
from bot.records.identities import Access
from bot.text import secrets
from bot.web.frontend.forms import Form
from bot.web.kiosk.screen import Screen, Visit
from bot.web.kiosk.visits import IDLE

WRONG = "The reference or the PIN is wrong, or it is too soon to try again"
"""The same whatever it was: who guesses learns nothing."""
WRONG_CODE = (
    "That code does not work. It may be mistyped, used already or older than a day. Staff can give you a new one"
)
_PIN = Regexp(r"^\s*[0-9]{6}\s*$", message="Enter six digits")


class SignIn(Form):
    """Who comes back."""

    reference = StringField("Your reference", [InputRequired("Enter your reference"), Length(max=40)])
    pin = PasswordField("Your PIN", [InputRequired("Enter your PIN"), _PIN], description="Six digits")


def _not_easy(form: Form, field: PasswordField) -> None:
    if secrets.easy((field.data or "").strip()):
        raise StopValidation("Choose a PIN that is harder to guess: not 123456, not six times the same digit")


class First(Form):
    """Who comes the first time."""

    code = StringField("Your link code", [InputRequired("Enter the code that staff gave you"), Length(max=20)])
    pin = PasswordField(
        "Choose a PIN",
        [InputRequired("Choose a PIN"), _PIN, _not_easy],
        description="Six digits that nobody would guess",
    )
    again = PasswordField(
        "The same PIN again", [InputRequired("Enter the PIN again"), EqualTo("pin", "The two PINs are not the same")]
    )


def routes(screen: Screen) -> list[Route]:
    """Return the routes."""
    return [
        screen.route("/sign-in", show),
        screen.route("/sign-in", enter, ("POST",)),
        screen.route("/first-time", show_first),
        screen.route("/first-time", enter_first, ("POST",)),
    ]


async def show(visit: Visit) -> Response:
    """Show the form."""
    return await visit.page("kiosk/sign_in.html", {"form": SignIn()})


async def enter(visit: Visit) -> Response:
    """Open the own record."""
    form = SignIn(visit.fields)
    if not form.validate():
        return await visit.page("kiosk/sign_in.html", {"form": form}, 400)
    reference, digits = form.reference.data.strip(), form.pin.data.strip()

    def work(connection: Connection) -> bool:
        return identities.sign_in(connection, visit.conversation, reference, digits, visit.now, IDLE)

    if not await _tried(visit, work):
        form.reference.errors = [WRONG]
        return await visit.page("kiosk/sign_in.html", {"form": form}, 403)
    return RedirectResponse("/mine", 303)


async def show_first(visit: Visit) -> Response:
    """Show the form for the first time."""
    return await visit.page("kiosk/first_time.html", {"form": First()})


async def enter_first(visit: Visit) -> Response:
    """Take the link code and the PIN, and open the own record."""
    form = First(visit.fields)
    if not form.validate():
        return await visit.page("kiosk/first_time.html", {"form": form}, 400)
    found = secrets.find(form.code.data)
    digits = form.pin.data.strip()

    def work(connection: Connection) -> bool:
        return _linked(connection, visit, found.code or "", digits, IDLE)

    if not await _tried(visit, work):
        form.code.errors = [WRONG_CODE]
        return await visit.page("kiosk/first_time.html", {"form": form}, 403)
    return RedirectResponse("/mine", 303)


def _linked(connection: Connection, visit: Visit, code: str, digits: str, unlock: timedelta) -> bool:
    """Link the screen for this visit; a person who has a PIN already does not get another one by a code."""
    who = identities.link(connection, visit.conversation, code, visit.now) if code else None
    if who is None:
        return False
    if who.access is Access.NO_PIN:
        identities.choose_pin(connection, visit.conversation, digits, visit.now, unlock)
        return True
    if identities.enter_pin(connection, visit.conversation, digits, visit.now, unlock):
        return True
    identities.unlink(connection, visit.conversation, visit.now)
    return False


async def _tried(visit: Visit, work: Callable[[Connection], bool]) -> bool:
    """Do ``work``, unless too many tries from this address failed lately."""
    attempts = visit.screen.attempts
    address = visit.request.client.host if visit.request.client else ""
    if not attempts.may_try(address, visit.now):
        raise HTTPException(429)
    done = await visit.screen.database.write(work)
    if not done:
        attempts.failed(address, visit.now)
    return done
