"""Screens: which there are in the office, and the code that makes a machine one of them."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.alerts import screens
from bot.alerts.screens import NameTakenError, ScreenLocation
from bot.records.enums import Role
from bot.web.frontend.forms import Form, StringField
from bot.web.staff.app import StaffApp
from bot.web.staff.navigation import HOME
from bot.web.staff.request import StaffRequest

PATH = f"{HOME}/screens"


class AddScreenForm(Form):
    """Asks where the new screen stands."""

    name = StringField(
        "Where it stands",
        [DataRequired("Enter where it stands"), Length(max=80)],
        description="As staff would say it: Waiting room, ground floor",
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    one = "/screens/{screen:int}"
    return [
        app.route("/screens", show, auth=Role.ADMINISTRATOR),
        app.route("/screens", add, ["POST"], auth=Role.ADMINISTRATOR),
        app.route(f"{one}/code", new_code, ["POST"], auth=Role.ADMINISTRATOR),
        app.route(f"{one}/remove", ask_remove, auth=Role.ADMINISTRATOR),
        app.route(f"{one}/remove", remove, ["POST"], auth=Role.ADMINISTRATOR),
    ]


def show(request: StaffRequest) -> Response:
    """Show the screens of the office."""
    return _page(request, AddScreenForm())


def add(request: StaffRequest) -> Response:
    """Add a screen, and show the code to set it up with."""
    form = AddScreenForm(request.form)
    if not form.validate():
        return _page(request, form, 400)
    who, name = request.member, " ".join(form.name.data.split())
    try:
        id_ = screens.add(request.connection, who.office_id, name)
    except NameTakenError:
        form.name.errors = ["Your office has a screen of this name already"]
        return _page(request, form, 400)
    _note(request, "screen added", f"screen {id_}: {name}")
    return _code_page(request, id_, name)


def new_code(request: StaffRequest) -> Response:
    """Show another code: for another machine in its place, or one that has forgotten what it is."""
    found = _found(request)
    return _code_page(request, found.id, found.name)


def ask_remove(request: StaffRequest) -> Response:
    """Ask whether it is to be removed."""
    return request.render("staff/screen_remove.html", {"screen": _found(request)})


def remove(request: StaffRequest) -> Response:
    """Remove a screen."""
    found = _found(request)
    screens.remove(request.connection, found.id)
    _note(request, "screen removed", f"screen {found.id}: {found.name}")
    return request.redirect(PATH, "screen_removed")


def _note(request: StaffRequest, action: str, detail: str) -> None:
    request.note(action, detail=detail)


def _found(request: StaffRequest) -> ScreenLocation:
    id_ = request.number("screen")
    found = next((s for s in screens.listed(request.connection, request.member.office_id) if s.id == id_), None)
    if found is None:
        raise HTTPException(404)
    return found


def _page(request: StaffRequest, form: AddScreenForm, status: int = 200) -> Response:
    listed = screens.listed(request.connection, request.member.office_id)
    return request.render("staff/screens.html", {"screens": listed, "form": form}, status)


def _code_page(request: StaffRequest, id_: int, name: str) -> Response:
    code = screens.issue_code(request.connection, id_, request.now)
    _note(request, "screen code issued", f"screen {id_}")
    address = f"{request.app.settings.public_url or str(request.http.base_url).rstrip('/')}/set-up"
    return request.render("staff/screen_code.html", {"name": name, "code": code, "address": address})
