"""Signing in at the screen, with reference and PIN; the first time with a link code, choosing the PIN here."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from wtforms import Field

from bot.messages import Address
from bot.records.access import identities, waits
from bot.records.access.waits import Wait
from bot.records.enums import Access
from bot.text import personal_codes
from bot.text.clean import clean
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.request import KioskRequest
from bot.web.kiosk.sign_in_forms import FirstVisitForm, KioskSignInForm, typed_digits
from bot.web.kiosk.visits import IDLE, address_of

WRONG = "The reference or the PIN is wrong"
"""With what is said of waiting, the same whatever it was: who guesses learns nothing."""
STAFF_CAN_RESET = "Staff can reset your PIN and tell you your reference"
WRONG_CODE = (
    "That code does not work. It may be mistyped, used already or older than a day. Staff can give you a new one"
)
SignInAttempt = Callable[[Connection, Address], Wait | None]
"""Signs in, in the conversation that is named; returns what follows where that fails."""


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/sign-in", show),
        app.route("/sign-in", enter, ("POST",)),
        app.route("/first-time", show_first),
        app.route("/first-time", enter_first, ("POST",)),
    ]


async def show(request: KioskRequest) -> Response:
    """Show the form."""
    return await request.page("kiosk/sign_in.html", {"form": KioskSignInForm()})


async def enter(request: KioskRequest) -> Response:
    """Open the own record."""
    form = KioskSignInForm(request.form)
    if not form.validate():
        return await request.page("kiosk/sign_in.html", {"form": form}, 400)
    reference, digits = form.reference.data, typed_digits(form.pin.data) or ""

    def work(connection: Connection, address: Address) -> Wait | None:
        if identities.sign_in(connection, address, reference, digits, request.now, IDLE):
            return None
        return identities.sign_in_wait(connection, reference)

    return await _attempt(request, form, form.reference, work)


async def show_first(request: KioskRequest) -> Response:
    """Show the form for the first time."""
    return await request.page("kiosk/first_time.html", {"form": FirstVisitForm()})


async def enter_first(request: KioskRequest) -> Response:
    """Take the link code and the PIN, and open the own record."""
    form = FirstVisitForm(request.form)
    if not form.validate():
        return await request.page("kiosk/first_time.html", {"form": form}, 400)
    code = personal_codes.find(clean(form.code.data)).code or ""
    digits = typed_digits(form.pin.data) or ""

    def work(connection: Connection, address: Address) -> Wait | None:
        return None if _linked(connection, request, address, code, digits, IDLE) else Wait()

    return await _attempt(request, form, form.code, work)


def _linked(
    connection: Connection, request: KioskRequest, address: Address, code: str, digits: str, unlock: timedelta
) -> bool:
    """Link the kiosk for this visit; a person who has a PIN already does not get another one by a code."""
    who = identities.link(connection, address, code, request.now) if code else None
    if who is None:
        return False
    if who.access is Access.NO_PIN:
        identities.choose_pin(connection, address, digits, request.now, unlock)
        return True
    if identities.enter_pin(connection, address, digits, request.now, unlock):
        return True
    identities.unlink(connection, address, request.now)
    return False


async def _attempt(request: KioskRequest, form: Form, field: Field, work: SignInAttempt) -> Response:
    """Do ``work``, unless too many tries from this address failed lately; tell at ``field`` what went wrong.

    Whoever signs in gets another cookie: one that was put into the browser before opens nothing.
    """
    attempts, token = request.app.attempts, cookies.new()
    pause = attempts.wait(request.client, request.now)
    if pause:
        told = f"Too many tries from this screen. Wait {waits.in_words(pause)}, or ask staff"
        return await _refused(request, form, field, told, 429)
    wait = await request.app.database.write(lambda connection: work(connection, address_of(token)))
    if wait is None:
        await request.app.sessions.end(request.token)
        return request.app.put_cookie(RedirectResponse("/mine", 303), token)
    attempts.failed(request.client, request.now)
    told = WRONG_CODE if isinstance(form, FirstVisitForm) else wrong(wait, request)
    return await _refused(request, form, field, told, 403)


def wrong(wait: Wait, request: KioskRequest) -> str:
    """Return what is told of a reference and a PIN that opened nothing."""
    if wait.locked:
        return f"There were too many wrong tries with this reference, so no PIN works now. {STAFF_CAN_RESET}"
    if wait.until is None or not wait.holds(request.now):
        return f"{WRONG}. Check both and try again. {STAFF_CAN_RESET}"
    left = waits.in_words(wait.until - request.now)
    return f"{WRONG}, or it is too soon to try again. Wait {left}, then try again. {STAFF_CAN_RESET}"


async def _refused(request: KioskRequest, form: Form, field: Field, told: str, status: int) -> Response:
    field.errors = [told]
    template = "kiosk/first_time.html" if isinstance(form, FirstVisitForm) else "kiosk/sign_in.html"
    return await request.page(template, {"form": form}, status)
