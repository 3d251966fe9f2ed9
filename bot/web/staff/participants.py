"""Participants: the list, sorted and in pages, and a search. What is searched for never stands in an address."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.records import audit
from bot.records.participants import directory
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.paging import SIZE, paged
from bot.web.staff.desk import StaffApp, StaffRequest
from bot.web.staff.labels import STATUSES

PATH = "/staff/participants"
_COLUMNS = (("reference", "Reference"), ("name", "Name"), ("group", "Group"), ("missed", "Missed"))


class ParticipantSearchForm(Form):
    """What to look for."""

    text = StringField("Reference or name", [DataRequired("Enter a reference or a name"), Length(max=100)])


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [desk.route("/participants", show), desk.route("/participants", find, ["POST"])]


def show(visit: StaffRequest) -> Response:
    """Show the list."""
    sort = visit.request.query_params.get("sort", "reference")
    sort = sort if sort in directory.SORTED else "reference"
    page = paged(directory.listed(visit.connection, visit.member, sort), visit.request.query_params.get("page", ""))
    audit.note(visit.connection, visit.now, visit.member.actor, "participants listed", detail=f"page {page.number}")
    values = {
        "search": ParticipantSearchForm(),
        "sort": sort,
        "page": page,
        "links": page.links(f"{PATH}?sort={sort}&page="),
    }
    return visit.page("staff/participants.html", _common(values))


def find(visit: StaffRequest) -> Response:
    """Show who was searched for."""
    form = ParticipantSearchForm(visit.form)
    if not form.validate():
        page = paged(directory.listed(visit.connection, visit.member), "")
        values = {"search": form, "sort": "reference", "page": page, "links": page.links(f"{PATH}?page=")}
        return visit.page("staff/participants.html", _common({**values, "faults": form.faults}), 400)
    found = directory.search(visit.connection, visit.member, form.text.data)
    audit.note_reading(
        visit.connection, visit.now, visit.member.actor, "found by search", [line.id for line in found[:SIZE]]
    )
    values = {"search": form, "page": paged(found, ""), "found": len(found), "size": SIZE, "sort": "", "links": None}
    return visit.page("staff/participants.html", _common(values))


def _common(values: dict[str, object]) -> dict[str, object]:
    return {**values, "columns": _COLUMNS, "statuses": {status.value: text for status, text in STATUSES.items()}}
