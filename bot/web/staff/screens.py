"""Screens: which there are in the office, and the code that makes a machine one of them."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.alerts import screens
from bot.alerts.screens import NameTakenError, ScreenLocation
from bot.records import audit
from bot.records.enums import Role
from bot.web.frontend.forms import Form, StringField
from bot.web.staff.desk import FLASH_MESSAGES, HOME, StaffApp, StaffRequest

PATH = f"{HOME}/screens"
FLASH_MESSAGES["screen_removed"] = "The screen is removed. An alert from that machine no longer says where it is."


class AddScreenForm(Form):
    """A screen."""

    name = StringField(
        "Where it stands",
        [DataRequired("Enter where it stands"), Length(max=80)],
        description="As staff would say it: Waiting room, ground floor",
    )


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    one = "/screens/{screen:int}"
    return [
        desk.route("/screens", show, role=Role.ADMINISTRATOR),
        desk.route("/screens", add, ["POST"], role=Role.ADMINISTRATOR),
        desk.route(f"{one}/code", new_code, ["POST"], role=Role.ADMINISTRATOR),
        desk.route(f"{one}/remove", ask_remove, role=Role.ADMINISTRATOR),
        desk.route(f"{one}/remove", remove, ["POST"], role=Role.ADMINISTRATOR),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the screens of the office."""
    return _page(visit, AddScreenForm())


def add(visit: StaffRequest) -> Response:
    """Add a screen, and show the code to set it up with."""
    form = AddScreenForm(visit.form)
    if not form.validate():
        return _page(visit, form, 400)
    who, name = visit.member, " ".join(form.name.data.split())
    try:
        id_ = screens.add(visit.connection, who.office_id, name)
    except NameTakenError:
        form.name.errors = ["Your office has a screen of this name already"]
        return _page(visit, form, 400)
    _note(visit, "screen added", f"screen {id_}: {name}")
    return _code_page(visit, id_, name)


def new_code(visit: StaffRequest) -> Response:
    """Show another code: for another machine in its place, or one that has forgotten what it is."""
    found = _found(visit)
    return _code_page(visit, found.id, found.name)


def ask_remove(visit: StaffRequest) -> Response:
    """Ask whether it is to be removed."""
    return visit.page("staff/screen_remove.html", {"screen": _found(visit)})


def remove(visit: StaffRequest) -> Response:
    """Remove a screen."""
    found = _found(visit)
    screens.remove(visit.connection, found.id)
    _note(visit, "screen removed", f"screen {found.id}: {found.name}")
    return visit.go(PATH, "screen_removed")


def _note(visit: StaffRequest, action: str, detail: str) -> None:
    audit.note(visit.connection, visit.now, visit.member.actor, action, detail=detail)


def _found(visit: StaffRequest) -> ScreenLocation:
    id_ = visit.number("screen")
    found = next((s for s in screens.listed(visit.connection, visit.member.office_id) if s.id == id_), None)
    if found is None:
        raise HTTPException(404)
    return found


def _page(visit: StaffRequest, form: AddScreenForm, status: int = 200) -> Response:
    listed = screens.listed(visit.connection, visit.member.office_id)
    return visit.page("staff/screens.html", {"screens": listed, "form": form}, status)


def _code_page(visit: StaffRequest, id_: int, name: str) -> Response:
    code = screens.issue_code(visit.connection, id_, visit.now)
    _note(visit, "screen code issued", f"screen {id_}")
    address = f"{visit.desk.settings.public_url or str(visit.request.base_url).rstrip('/')}/set-up"
    return visit.page("staff/screen_code.html", {"name": name, "code": code, "address": address})
