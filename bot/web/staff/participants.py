"""Participants: the list, sorted and in pages, and a search. What is searched for never stands in an address."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.records.participants import directory
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.paging import SIZE, paged
from bot.web.staff.app import StaffApp
from bot.web.staff.labels import STATUSES
from bot.web.staff.request import StaffRequest

PATH = "/staff/participants"
_COLUMNS = (("reference", "Reference"), ("name", "Name"), ("group", "Group"), ("missed", "Missed"))


class ParticipantSearchForm(Form):
    """Asks for a reference or a name to look for."""

    text = StringField("Reference or name", [DataRequired("Enter a reference or a name"), Length(max=100)])


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/participants", show), app.route("/participants", find, ["POST"])]


def show(request: StaffRequest) -> Response:
    """Show the list."""
    sort = request.http.query_params.get("sort", "reference")
    sort = sort if sort in directory.SORTED else "reference"
    page = paged(directory.listed(request.connection, request.member, sort), request.query("page"))
    request.note("participants listed", detail=f"page {page.number}")
    values = {
        "search": ParticipantSearchForm(),
        "sort": sort,
        "page": page,
        "links": page.links(f"{PATH}?sort={sort}&page="),
    }
    return request.render("staff/participants.html", _common(values))


def find(request: StaffRequest) -> Response:
    """Show who was searched for."""
    form = ParticipantSearchForm(request.form)
    if not form.validate():
        page = paged(directory.listed(request.connection, request.member), "")
        values = {"search": form, "sort": "reference", "page": page, "links": page.links(f"{PATH}?page=")}
        return request.render("staff/participants.html", _common({**values, "error_list": form.error_list}), 400)
    found = directory.search(request.connection, request.member, form.text.data)
    request.note_reading("found by search", [line.id for line in found[:SIZE]])
    values = {"search": form, "page": paged(found, ""), "found": len(found), "size": SIZE, "sort": "", "links": None}
    return request.render("staff/participants.html", _common(values))


def _common(values: dict[str, object]) -> dict[str, object]:
    return {**values, "columns": _COLUMNS, "statuses": {status.value: text for status, text in STATUSES.items()}}
