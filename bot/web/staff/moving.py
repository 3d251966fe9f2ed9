"""Moving a session: first who is affected by it, then, once that was confirmed, the change."""

from datetime import datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField
from wtforms.validators import Length

from bot.records.attendance import register
from bot.records.attendance.register import RegisterEntry
from bot.records.enums import AttendanceKind, Role
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import planning, schedule_warnings
from bot.records.sessions.timetable import ScheduledSession
from bot.replies import when
from bot.web.frontend.forms import StringField
from bot.web.frontend.time_range import TimeRangeForm, discreet
from bot.web.staff.addressed_session import is_cancelled, session_of
from bot.web.staff.affected_people import affected_people, session_values, tell_and_go_on
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_MOVED = "Somebody else has moved this session since you opened the page"
_CANCELLED = "Somebody else has cancelled this session since you opened the page. Go on to give it a new date"
_SAME = "That is when and where it is already: choose another day, time or place"


class MoveSessionForm(TimeRangeForm):
    """Asks when and where the session is moved to."""

    venue = StringField("Where", [Length(max=200), discreet], description="Leave it empty for the group’s own place")
    tell = BooleanField("Send a message to everybody above who can be written to")


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}"
    return [
        app.route(f"{path}/move", ask_move, auth=Role.MANAGER),
        app.route(f"{path}/move", move, ["POST"], auth=Role.MANAGER),
    ]


def ask_move(request: StaffRequest) -> Response:
    """Ask where a session is to be moved to."""
    session = session_of(request)
    starts, ends = session.starts_at.astimezone(LOCAL), session.ends_at.astimezone(LOCAL)
    times: dict[str, Any] = {"begins": starts.strftime("%H:%M"), "ends": ends.strftime("%H:%M")}
    form = MoveSessionForm(day=starts.date().isoformat(), venue=session.own_venue, **times)
    return request.render("staff/move.html", {**session_values(request, session), "form": form, "time_range": None})


def _changed(
    request: StaffRequest, session: ScheduledSession, venue: str, time_range: tuple[datetime, datetime]
) -> str | None:
    """Return why a session that was seen like this is not moved to ``time_range``; None where it is."""
    cancelled = is_cancelled(request, session)
    if request.form.get("was") != session.starts_at.isoformat():
        return _MOVED
    if cancelled and request.form.get("cancelled") == "":
        return _CANCELLED
    is_same = time_range == (session.starts_at, session.ends_at) and venue in (session.own_venue, session.venue)
    return _SAME if is_same and not cancelled else None


def move(request: StaffRequest) -> Response:
    """Show who is affected; move the session once that was confirmed, unless somebody else moved it meanwhile."""
    session, form = session_of(request), MoveSessionForm(request.form)
    time_range, status = form.time_range(), 200
    if time_range and planning.overlapping(request.connection, session, time_range):
        form.begins.errors = ["Another session of the group is on at that time"]
        time_range = None
    elif time_range and (changed := _changed(request, session, form.venue.data, time_range)):
        form.day.errors, time_range = [changed], None
    if time_range and "confirmed" in request.form:
        people = [p for p in register.entries(request.connection, session, request.now) if _rescheduled(p)]
        if planning.move(request.connection, session, time_range, form.venue.data, request.member, request.now):
            old, new = when.day(session.starts_at, request.now), when.day(time_range[0], request.now)
            return tell_and_go_on(
                request, session, people, "moved", "date_moved", day=old, new_day=new, times=when.times(*time_range)
            )
        form.day.errors, time_range = [_MOVED], None
    if time_range is None:
        status = 400
    warnings = (
        schedule_warnings.move_warnings(request.connection, session, time_range, request.now) if time_range else []
    )
    values = {
        **session_values(request, session),
        "form": form,
        "time_range": time_range,
        "warnings": warnings,
        "venue": form.venue.data or session.room,
    }
    return request.render("staff/move.html", {**values, **affected_people(request, session, _rescheduled)}, status)


def _rescheduled(entry: RegisterEntry) -> bool:
    """Tell whether a session is still before somebody, or would be with another date."""
    return entry.outcome is None or entry.outcome.kind is AttendanceKind.NOT_HELD
