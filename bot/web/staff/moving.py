"""Moving and cancelling a session: first who is touched by it, then, once that was confirmed, the change."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField
from wtforms.validators import Length

from bot.records import audit
from bot.records.attendance import register
from bot.records.attendance.register import RegisterEntry
from bot.records.enums import AttendanceKind, Role
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import oddities, planning, timetable
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff import scope
from bot.replies import when
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import SpanForm, discreet
from bot.web.staff import notices
from bot.web.staff.desk import FLASH_MESSAGES, NOT_DONE, StaffApp, StaffRequest

FLASH_MESSAGES["moved"] = "The session is moved."
FLASH_MESSAGES["cancelled"] = "The session is cancelled."
FLASH_MESSAGES["told"] = "It is done, and messages are on their way."
NOT_DONE["cancelled_before"] = "The session is cancelled already. Nobody was written to."
NOT_DONE["nobody_to_cancel"] = (
    "The session is not cancelled: nobody is in it, or an outcome is recorded for everybody. "
    "Outcomes are changed in its register."
)
_MOVED = "Somebody else has moved this session since you opened the page"
_CANCELLED = "Somebody else has cancelled this session since you opened the page. Go on to give it a new date"
_SAME = "That is when and where it is already: choose another day, time or place"


class Move(SpanForm):
    """When and where to."""

    venue = StringField("Where", [Length(max=200), discreet], description="Leave it empty for the group’s own place")
    tell = BooleanField("Send a message to everybody above who can be written to")


class Cancel(Form):
    """Whether to write."""

    tell = BooleanField("Send a message to everybody above who can be written to")


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}"
    return [
        desk.route(f"{path}/move", ask_move, role=Role.MANAGER),
        desk.route(f"{path}/move", move, ["POST"], role=Role.MANAGER),
        desk.route(f"{path}/cancel", ask_cancel, role=Role.MANAGER),
        desk.route(f"{path}/cancel", cancel, ["POST"], role=Role.MANAGER),
    ]


def ask_move(visit: StaffRequest) -> Response:
    """Ask where a session is to be moved to."""
    held = _held(visit)
    starts, ends = held.starts_at.astimezone(LOCAL), held.ends_at.astimezone(LOCAL)
    times: dict[str, Any] = {"begins": starts.strftime("%H:%M"), "ends": ends.strftime("%H:%M")}
    form = Move(day=starts.date().isoformat(), venue=held.own_venue, **times)
    return visit.page("staff/move.html", {**_shown(visit, held), "form": form, "span": None})


def _shown(visit: StaffRequest, held: ScheduledSession) -> dict[str, object]:
    """Return the session as the page shows it, so that the form can say what it was about."""
    return {"held": held, "cancelled": _is_cancelled(visit, held)}


def _is_cancelled(visit: StaffRequest, held: ScheduledSession) -> bool:
    return register.is_cancelled(register.places(visit.connection, held, visit.now))


def _changed(visit: StaffRequest, held: ScheduledSession, venue: str, span: tuple[datetime, datetime]) -> str | None:
    """Return why a session that was seen like this is not moved to ``span``; None where it is."""
    cancelled = _is_cancelled(visit, held)
    if visit.form.get("was") != held.starts_at.isoformat():
        return _MOVED
    if cancelled and visit.form.get("cancelled") == "":
        return _CANCELLED
    is_same = span == (held.starts_at, held.ends_at) and venue in (held.own_venue, held.venue)
    return _SAME if is_same and not cancelled else None


def move(visit: StaffRequest) -> Response:
    """Show who is touched; move the session once that was confirmed, unless somebody else moved it meanwhile."""
    held, form = _held(visit), Move(visit.form)
    span, status = form.span(), 200
    if span and planning.overlapping(visit.connection, held, span):
        form.begins.errors = ["Another session of the group is on at that time"]
        span = None
    elif span and (changed := _changed(visit, held, form.venue.data, span)):
        form.day.errors, span = [changed], None
    if span and "confirmed" in visit.form:
        people = [p for p in register.places(visit.connection, held, visit.now) if _rescheduled(p)]
        if planning.move(visit.connection, held, span, form.venue.data, visit.member, visit.now):
            old, new = when.day(held.starts_at, visit.now), when.day(span[0], visit.now)
            return _done(visit, held, people, "moved", "date_moved", day=old, new_day=new, times=when.times(*span))
        form.day.errors, span = [_MOVED], None
    if span is None:
        status = 400
    odd = oddities.of_move(visit.connection, held, span, visit.now) if span else []
    values = {**_shown(visit, held), "form": form, "span": span, "odd": odd, "venue": form.venue.data or held.room}
    return visit.page("staff/move.html", {**values, **_touched(visit, held, _rescheduled)}, status)


def ask_cancel(visit: StaffRequest) -> Response:
    """Show who is touched."""
    held = _held(visit)
    values = {**_shown(visit, held), "form": Cancel(), **_touched(visit, held, _unrecorded)}
    return visit.page("staff/cancel.html", values)


def cancel(visit: StaffRequest) -> Response:
    """Cancel a session: it is recorded as rescheduled by the service for everybody who has nothing recorded."""
    held = _held(visit)
    cancelled = _is_cancelled(visit, held)
    people = planning.cancel(visit.connection, held, visit.member, visit.now)
    if not people:
        return visit.go(f"/staff/groups/{held.group_id}", "cancelled_before" if cancelled else "nobody_to_cancel")
    values = {"day": when.day(held.starts_at, visit.now), "times": when.times(held.starts_at, held.ends_at)}
    return _done(visit, held, people, "cancelled", "date_cancelled", **values)


def _done(
    visit: StaffRequest, held: ScheduledSession, people: list[RegisterEntry], done: str, topic: str, **values: str
) -> Response:
    told = 0
    if visit.form.get("tell"):
        told = sum(notices.send(visit, place.participant_id, topic, **values) for place in people)
    return visit.go(f"/staff/groups/{held.group_id}", "told" if told else done)


def _held(visit: StaffRequest) -> ScheduledSession:
    return timetable.held(visit.connection, scope.held(visit.connection, visit.member, visit.number("session")))


def _unrecorded(place: RegisterEntry) -> bool:
    return place.outcome is None


def _rescheduled(place: RegisterEntry) -> bool:
    """Tell whether a session is still before somebody, or would be with another date."""
    return place.outcome is None or place.outcome.kind is AttendanceKind.NOT_HELD


def _touched(
    visit: StaffRequest, held: ScheduledSession, is_touched: Callable[[RegisterEntry], bool]
) -> dict[str, object]:
    places = register.places(visit.connection, held, visit.now)
    people = [place for place in places if is_touched(place)]
    ids = [place.participant_id for place in people]
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "plan read", ids, f"session {held.number}")
    touched = [(place, notices.can_reach(visit, place.participant_id)) for place in people]
    return {"touched": touched, "recorded": len(places) - len(people)}
