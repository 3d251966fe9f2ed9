"""Cancelling a session: first who is affected by it, then, once that was confirmed, the change."""

from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField

from bot.records.attendance.register import RegisterEntry
from bot.records.enums import Role
from bot.records.sessions import planning
from bot.replies import when
from bot.web.frontend.forms import Form
from bot.web.staff.addressed_session import is_cancelled, session_of
from bot.web.staff.affected_people import affected_people, session_values, tell_and_go_on
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest


class CancelSessionForm(Form):
    """Asks whether to write to the people affected."""

    tell = BooleanField("Send a message to everybody above who can be written to")


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}"
    return [
        app.route(f"{path}/cancel", ask_cancel, auth=Role.MANAGER),
        app.route(f"{path}/cancel", cancel, ["POST"], auth=Role.MANAGER),
    ]


def ask_cancel(request: StaffRequest) -> Response:
    """Show who is affected."""
    session = session_of(request)
    values = {
        **session_values(request, session),
        "form": CancelSessionForm(),
        **affected_people(request, session, _unrecorded),
    }
    return request.render("staff/cancel.html", values)


def cancel(request: StaffRequest) -> Response:
    """Cancel a session: it is recorded as rescheduled by the service for everybody who has nothing recorded."""
    session = session_of(request)
    cancelled = is_cancelled(request, session)
    people = planning.cancel(request.connection, session, request.member, request.now)
    if not people:
        return request.redirect(
            f"/staff/groups/{session.group_id}", "cancelled_before" if cancelled else "nobody_to_cancel"
        )
    values = {"day": when.day(session.starts_at, request.now), "times": when.times(session.starts_at, session.ends_at)}
    return tell_and_go_on(request, session, people, "cancelled", "date_cancelled", **values)


def _unrecorded(entry: RegisterEntry) -> bool:
    return entry.outcome is None
