"""Signing in at the screen, with reference and PIN; the first time with a link code, choosing the PIN here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from wtforms import Field
from wtforms.validators import InputRequired, Length, StopValidation

from bot.messages import Address
from bot.records.access import identities, waits
from bot.records.access.identities import Access
from bot.records.access.waits import Wait
from bot.text import personal_codes, pins, six_digits
from bot.text.clean import clean
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, PasswordField, StringField
from bot.web.kiosk.screen import KioskApp, KioskRequest, address_of
from bot.web.kiosk.visits import IDLE

WRONG = "The reference or the PIN is wrong"
"""With what is said of waiting, the same whatever it was: who guesses learns nothing."""
STAFF_CAN_RESET = "Staff can reset your PIN and tell you your reference"
WRONG_CODE = (
    "That code does not work. It may be mistyped, used already or older than a day. Staff can give you a new one"
)
Tried = Callable[[Connection, Address], Wait | None]
"""Signs in, in the conversation that is named; returns what follows where that fails."""


def _typed(text: str) -> str | None:
    """Return the six digits that were typed, with whatever marks between them; None for anything else."""
    plain = pins.plain_digits(clean(text))
    digits = six_digits.digits(plain)
    return digits if len(digits) == six_digits.DIGITS and not any(c.isalpha() for c in plain) else None


def _six_digits(form: Form, field: Field) -> None:
    if _typed(field.data) is None:
        raise StopValidation("Enter six digits, and nothing else")


def _not_easy(form: Form, field: Field) -> None:
    if pins.is_weak_pin(_typed(field.data) or ""):
        raise StopValidation("Choose a PIN that is harder to guess: not 123456, not six times the same digit")


def _the_same(form: Any, field: Field) -> None:
    first, second = (_typed(data) for data in (form.pin.data, field.data))
    if first is not None and first != second:  # what is wrong with the first is told there
        raise StopValidation("The two PINs are not the same")


class KioskSignInForm(Form):
    """Who comes back."""

    reference = StringField("Your reference", [InputRequired("Enter your reference"), Length(max=40)])
    pin = PasswordField("Your PIN", [InputRequired("Enter your PIN"), _six_digits], description="Six digits")


class First(Form):
    """Who comes the first time."""

    code = StringField("Your link code", [InputRequired("Enter the code that staff gave you"), Length(max=20)])
    pin = PasswordField(
        "Choose a PIN",
        [InputRequired("Choose a PIN"), _six_digits, _not_easy],
        description="Six digits that nobody would guess",
    )
    again = PasswordField("The same PIN again", [InputRequired("Enter the PIN again"), _the_same])


def routes(screen: KioskApp) -> list[Route]:
    """Return the routes."""
    return [
        screen.route("/sign-in", show),
        screen.route("/sign-in", enter, ("POST",)),
        screen.route("/first-time", show_first),
        screen.route("/first-time", enter_first, ("POST",)),
    ]


async def show(visit: KioskRequest) -> Response:
    """Show the form."""
    return await visit.page("kiosk/sign_in.html", {"form": KioskSignInForm()})


async def enter(visit: KioskRequest) -> Response:
    """Open the own record."""
    form = KioskSignInForm(visit.fields)
    if not form.validate():
        return await visit.page("kiosk/sign_in.html", {"form": form}, 400)
    reference, digits = form.reference.data, _typed(form.pin.data) or ""

    def work(connection: Connection, address: Address) -> Wait | None:
        if identities.sign_in(connection, address, reference, digits, visit.now, IDLE):
            return None
        return identities.sign_in_wait(connection, reference)

    return await _tried(visit, form, form.reference, work)


async def show_first(visit: KioskRequest) -> Response:
    """Show the form for the first time."""
    return await visit.page("kiosk/first_time.html", {"form": First()})


async def enter_first(visit: KioskRequest) -> Response:
    """Take the link code and the PIN, and open the own record."""
    form = First(visit.fields)
    if not form.validate():
        return await visit.page("kiosk/first_time.html", {"form": form}, 400)
    code = personal_codes.find(clean(form.code.data)).code or ""
    digits = _typed(form.pin.data) or ""

    def work(connection: Connection, address: Address) -> Wait | None:
        return None if _linked(connection, visit, address, code, digits, IDLE) else Wait()

    return await _tried(visit, form, form.code, work)


def _linked(
    connection: Connection, visit: KioskRequest, address: Address, code: str, digits: str, unlock: timedelta
) -> bool:
    """Link the screen for this visit; a person who has a PIN already does not get another one by a code."""
    who = identities.link(connection, address, code, visit.now) if code else None
    if who is None:
        return False
    if who.access is Access.NO_PIN:
        identities.choose_pin(connection, address, digits, visit.now, unlock)
        return True
    if identities.enter_pin(connection, address, digits, visit.now, unlock):
        return True
    identities.unlink(connection, address, visit.now)
    return False


async def _tried(visit: KioskRequest, form: Form, field: Field, work: Tried) -> Response:
    """Do ``work``, unless too many tries from this address failed lately; tell at ``field`` what went wrong.

    Whoever signs in gets another cookie: one that was put into the browser before opens nothing.
    """
    attempts, token = visit.screen.attempts, cookies.new()
    pause = attempts.wait(visit.client, visit.now)
    if pause:
        told = f"Too many tries from this screen. Wait {waits.in_words(pause)}, or ask staff"
        return await _refused(visit, form, field, told, 429)
    wait = await visit.screen.database.write(lambda connection: work(connection, address_of(token)))
    if wait is None:
        await visit.screen.end(visit.token)
        return visit.screen.with_cookie(RedirectResponse("/mine", 303), token)
    attempts.failed(visit.client, visit.now)
    told = WRONG_CODE if isinstance(form, First) else wrong(wait, visit)
    return await _refused(visit, form, field, told, 403)


def wrong(wait: Wait, visit: KioskRequest) -> str:
    """Return what is told of a reference and a PIN that opened nothing."""
    if wait.locked:
        return f"There were too many wrong tries with this reference, so no PIN works now. {STAFF_CAN_RESET}"
    if wait.until is None or not wait.holds(visit.now):
        return f"{WRONG}. Check both and try again. {STAFF_CAN_RESET}"
    left = waits.in_words(wait.until - visit.now)
    return f"{WRONG}, or it is too soon to try again. Wait {left}, then try again. {STAFF_CAN_RESET}"


async def _refused(visit: KioskRequest, form: Form, field: Field, told: str, status: int) -> Response:
    field.errors = [told]
    template = "kiosk/first_time.html" if isinstance(form, First) else "kiosk/sign_in.html"
    return await visit.page(template, {"form": form}, status)
