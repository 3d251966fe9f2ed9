"""Catch-ups of one person for one session: book or move one, say what came of it."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from bot.records import audit
from bot.records.attendance import catch_ups, register
from bot.records.attendance.catch_ups import CatchUpBooking
from bot.records.attendance.register import RegisterEntry
from bot.records.enums import Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import oddities, timetable
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff import scope
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import SpanForm, discreet
from bot.web.staff import labels
from bot.web.staff.desk import FLASH_MESSAGES, NOT_DONE, StaffApp, StaffRequest

FLASH_MESSAGES["catch_up_booked"] = "The catch-up is booked."
FLASH_MESSAGES["catch_up_recorded"] = "The catch-up is recorded."
FLASH_MESSAGES["catch_up_cancelled"] = "The catch-up is cancelled."
NOT_DONE["catch_up_changed"] = "Somebody else changed that catch-up since you opened the page. Nothing was recorded."
_OUTCOMES = [("", "Choose"), *((o.value, f"{text} ({o})") for o, text in labels.OUTCOMES.items())]


class Book(SpanForm):
    """When and where."""

    ends = StringField("Ends", description="Leave it empty if it is as long as the session")
    venue = StringField("Where", [Length(max=200), discreet], description="Leave it empty for the group’s own place")


class Record(Form):
    """What came of it."""

    outcome = SelectField("Outcome", [InputRequired("Choose the outcome")], choices=_OUTCOMES)


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}/catch-up/{enrolment:int}"
    return [
        desk.route(path, show),
        desk.route(path, book, ["POST"]),
        desk.route(f"{path}/record", record, ["POST"]),
        desk.route(f"{path}/cancel", cancel, ["POST"]),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the catch-ups."""
    held, place = _found(visit)
    detail = f"session {held.number}"
    audit.note_reading(
        visit.connection, visit.now, visit.member.actor, "catch-ups read", [place.participant_id], detail
    )
    return _page(visit, held, place, None, Record())


def book(visit: StaffRequest) -> Response:
    """Book or move one; where something about it is odd, ask first."""
    held, place = _found(visit)
    form = Book(visit.form)
    span = form.span(held.ends_at - held.starts_at)
    if span is None:
        return _page(visit, held, place, form, Record(), 400)
    odd = oddities.of_catch_up(visit.connection, held, place, span, visit.now)
    sure = " ".join(moment.isoformat() for moment in span)
    if odd and visit.form.get("sure") != sure:
        return _page(visit, held, place, form, Record(), odd=odd, sure=sure, span=span)
    if catch_ups.book(visit.connection, held, place, span, form.venue.data, visit.member, visit.now):
        return visit.go(f"/staff/sessions/{held.id}/register", "catch_up_booked")
    form.begins.errors = [*form.begins.errors, "There was a catch-up at that time already"]
    return _page(visit, held, place, form, Record(), 400)


def record(visit: StaffRequest) -> Response:
    """Say what came of the one that is booked."""
    held, place = _found(visit)
    form = Record(visit.form)
    if not form.validate():
        return _page(visit, held, place, None, form, 400)
    outcome, booked = Outcome(form.outcome.data), _booked(visit)
    done = catch_ups.record(visit.connection, held, place, booked, outcome, visit.member, visit.now)
    return visit.go(f"/staff/sessions/{held.id}/register", "catch_up_recorded" if done else "catch_up_changed")


def cancel(visit: StaffRequest) -> Response:
    """Take back the one that is booked."""
    held, place = _found(visit)
    done = catch_ups.cancel(visit.connection, held, place, _booked(visit), visit.member, visit.now)
    return visit.go(f"/staff/sessions/{held.id}/register", "catch_up_cancelled" if done else "catch_up_changed")


def _booked(visit: StaffRequest) -> datetime:
    """Return when the catch-up is that a form is about: as the page showed it, which may be otherwise by now."""
    try:
        return datetime.fromisoformat(visit.form.get("was", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(400) from None


def _found(visit: StaffRequest) -> tuple[ScheduledSession, RegisterEntry]:
    held = timetable.held(visit.connection, scope.held(visit.connection, visit.member, visit.number("session")))
    enrolment = visit.number("enrolment")
    places = register.places(visit.connection, held, visit.now)
    place = next((place for place in places if place.enrolment_id == enrolment), None)
    if place is None:
        raise HTTPException(404)
    return held, place


def _proposed(visit: StaffRequest, held: ScheduledSession, booked: CatchUpBooking | None) -> Book:
    """Return the form as it is shown at first: with what is booked, or with what might be."""
    starts_at, ends_at = (
        (booked.starts_at, booked.ends_at) if booked else catch_ups.proposed(visit.connection, held, visit.now)
    )
    starts, ends = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    venue = booked.venue if booked and booked.venue != held.venue else ""
    return Book(day=starts.date().isoformat(), begins=f"{starts:%H:%M}", ends=f"{ends:%H:%M}", venue=venue)


def _page(
    visit: StaffRequest,
    held: ScheduledSession,
    place: RegisterEntry,
    book: Book | None,
    record: Record,
    status: int = 200,
    **asked: object,
) -> Response:
    found = catch_ups.of(visit.connection, held, place)
    booked = next((one for one in found if one.outcome is None), None)
    book = book or _proposed(visit, held, booked)
    values = {
        "held": held,
        "place": place,
        "catch_ups": [(one, labels.outcome(one.outcome)) for one in found if one.outcome],
        "booked": booked,
        "book": book,
        "record": record,
        "faults": [*book.faults, *record.faults],
        **asked,
    }
    return visit.page("staff/catch_up.html", values, status)
