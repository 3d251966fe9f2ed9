"""Setting a screen up: a code from the pages of staff, entered at the machine once, and its alerts say where it is."""

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import InputRequired, Length

from bot.alerts import screens
from bot.records import audit, offices
from bot.text import personal_codes
from bot.web.frontend import cookies
from bot.web.frontend.forms import Form, StringField
from bot.web.kiosk import device
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.request import KioskRequest

WRONG = (
    "That code does not work. It may be mistyped, used already or older than a day. Make a new one on the staff page"
)


class SetUpForm(Form):
    """Asks for the code that an administrator was given."""

    code = StringField("Code of the screen", [InputRequired("Enter the code"), Length(max=20)])


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/set-up", ask), app.route("/set-up", set_up, ("POST",))]


async def ask(request: KioskRequest) -> Response:
    """Ask for the code."""
    return await request.page("kiosk/set_up.html", {"form": SetUpForm(), "made": None})


async def set_up(request: KioskRequest) -> Response:
    """Have this browser be the screen that the code is for."""
    form, attempts, address = SetUpForm(request.form), request.app.attempts, request.client
    if not form.validate():
        return await request.page("kiosk/set_up.html", {"form": form, "made": None}, 400)
    if not attempts.may_try(address, request.now):
        raise HTTPException(429)
    code, token = personal_codes.find(form.code.data).code or "", cookies.new()

    def work(connection: Connection) -> tuple[str, str] | None:
        made = screens.set_up(connection, code, token, request.now)
        if made is None:
            return None
        audit.note(connection, request.now, audit.SERVICE, "screen set up", detail=f"screen {made.id}")
        return made.name, offices.name(connection, made.office_id)

    made = await request.app.database.write(work)
    if made is None:
        attempts.failed(address, request.now)
        form.code.errors = [WRONG]
        return await request.page("kiosk/set_up.html", {"form": form, "made": None}, 403)
    response = await request.page("kiosk/set_up.html", {"form": SetUpForm(), "made": made})
    device.keep(response, token, secure=request.app.settings.secure_cookies)
    return request.with_session_cookie(response)
