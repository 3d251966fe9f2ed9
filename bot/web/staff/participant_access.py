"""What can be done about a participant's links and PIN, and removing them."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import InputRequired

from bot.records.access import identities
from bot.records.enums import Role
from bot.records.participants import directory
from bot.retention.erase import erase
from bot.web.frontend.forms import Form, StringField
from bot.web.staff import labels
from bot.web.staff.app import StaffApp
from bot.web.staff.participant import heading, participant_in_scope
from bot.web.staff.request import StaffRequest


class RemoveParticipantForm(Form):
    """Asks for the reference, so that nobody is removed by a slip."""

    reference = StringField("Reference", [InputRequired("Enter the person’s reference")])


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/participants/{person:int}"
    return [
        app.route(f"{path}/link-code", link_code, ["POST"]),
        app.route(f"{path}/reset-pin", ask_reset),
        app.route(f"{path}/reset-pin", reset_pin, ["POST"]),
        app.route(f"{path}/unlink", ask_unlink),
        app.route(f"{path}/unlink", unlink, ["POST"]),
        app.route(f"{path}/remove", ask_remove, auth=Role.MANAGER),
        app.route(f"{path}/remove", remove, ["POST"], auth=Role.MANAGER),
    ]


def link_code(request: StaffRequest) -> Response:
    """Show a new link code: now, and never again."""
    person = participant_in_scope(request)
    code = identities.issue_code(request.connection, person, request.member.actor, request.now)
    return _sheet(request, person, code)


def ask_reset(request: StaffRequest) -> Response:
    """Ask whether the PIN is to be forgotten."""
    return request.render("staff/reset_pin.html", heading(request, participant_in_scope(request)))


def reset_pin(request: StaffRequest) -> Response:
    """Forget the PIN and the links, and show a new link code."""
    person = participant_in_scope(request)
    code = identities.reset_pin(request.connection, person, request.member.actor, request.now)
    return _sheet(request, person, code)


def ask_unlink(request: StaffRequest) -> Response:
    """Ask whether the links are to be forgotten."""
    person = participant_in_scope(request)
    links = [(labels.channel(name), at) for name, at in identities.links(request.connection, person, request.now)]
    return request.render("staff/unlink.html", {**heading(request, person), "links": links})


def unlink(request: StaffRequest) -> Response:
    """Forget every link."""
    person = participant_in_scope(request)
    identities.unlink_all(request.connection, person, request.member.actor, request.now)
    return request.redirect(f"/staff/participants/{person}", "unlinked")


def ask_remove(request: StaffRequest) -> Response:
    """Ask for the reference before a person is removed."""
    return request.render(
        "staff/remove.html", {**heading(request, participant_in_scope(request)), "form": RemoveParticipantForm()}
    )


def remove(request: StaffRequest) -> Response:
    """Remove a person and everything about them."""
    person = participant_in_scope(request)
    form = RemoveParticipantForm(request.form)
    if form.validate() and form.reference.data.strip() != directory.reference(request.connection, person):
        form.reference.errors = ["That is not this person’s reference"]
    if form.errors:
        return request.render("staff/remove.html", {**heading(request, person), "form": form}, 400)
    erase(request.connection, person, request.member.actor, request.now)
    return request.redirect("/staff/participants", "removed")


def _sheet(request: StaffRequest, person: int, code: str) -> Response:
    """Show what a person is given: the code, the reference, and each way in which the code can be used here."""
    settings = request.app.settings
    ways = {"text_to": settings.text_to, "telegram": settings.telegram_name if settings.telegram_token else ""}
    return request.render("staff/link_code.html", {**heading(request, person), "code": code, **ways})
