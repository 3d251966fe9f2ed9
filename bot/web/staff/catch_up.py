"""Catch-ups of one person for one session: book or move one, say what came of it."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from bot.records.attendance import catch_ups, register
from bot.records.attendance.catch_ups import CatchUpBooking
from bot.records.attendance.register import RegisterEntry
from bot.records.enums import Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import schedule_warnings
from bot.records.sessions.timetable import ScheduledSession
from bot.web.frontend.forms import Form, StringField
from bot.web.frontend.time_range import TimeRangeForm, discreet
from bot.web.staff import labels
from bot.web.staff.addressed_session import session_of
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_OUTCOMES = [("", "Choose"), *((o.value, f"{text} ({o})") for o, text in labels.OUTCOMES.items())]


class BookCatchUpForm(TimeRangeForm):
    """Asks when and where the catch-up is."""

    ends = StringField("Ends", description="Leave it empty if it is as long as the session")
    venue = StringField("Where", [Length(max=200), discreet], description="Leave it empty for the group’s own place")


class RecordCatchUpForm(Form):
    """Asks for the outcome of the catch-up."""

    outcome = SelectField("Outcome", [InputRequired("Choose the outcome")], choices=_OUTCOMES)


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}/catch-up/{enrolment:int}"
    return [
        app.route(path, show),
        app.route(path, book, ["POST"]),
        app.route(f"{path}/record", record, ["POST"]),
        app.route(f"{path}/cancel", cancel, ["POST"]),
    ]


def show(request: StaffRequest) -> Response:
    """Show the catch-ups."""
    session, entry = _found(request)
    request.note_reading("catch-ups read", [entry.participant_id], f"session {session.number}")
    return _page(request, session, entry, None, RecordCatchUpForm())


def book(request: StaffRequest) -> Response:
    """Book or move one; where something about it is odd, ask first."""
    session, entry = _found(request)
    form = BookCatchUpForm(request.form)
    time_range = form.time_range(session.ends_at - session.starts_at)
    if time_range is None:
        return _page(request, session, entry, form, RecordCatchUpForm(), 400)
    warnings = schedule_warnings.catch_up_warnings(request.connection, session, entry, time_range, request.now)
    sure = " ".join(moment.isoformat() for moment in time_range)
    if warnings and request.form.get("sure") != sure:
        return _page(
            request, session, entry, form, RecordCatchUpForm(), warnings=warnings, sure=sure, time_range=time_range
        )
    if catch_ups.book(request.connection, session, entry, time_range, form.venue.data, request.member, request.now):
        return request.redirect(f"/staff/sessions/{session.id}/register", "catch_up_booked")
    form.begins.errors = [*form.begins.errors, "There was a catch-up at that time already"]
    return _page(request, session, entry, form, RecordCatchUpForm(), 400)


def record(request: StaffRequest) -> Response:
    """Say what came of the one that is booked."""
    session, entry = _found(request)
    form = RecordCatchUpForm(request.form)
    if not form.validate():
        return _page(request, session, entry, None, form, 400)
    outcome, booked = Outcome(form.outcome.data), _booked(request)
    done = catch_ups.record(request.connection, session, entry, booked, outcome, request.member, request.now)
    return request.redirect(
        f"/staff/sessions/{session.id}/register", "catch_up_recorded" if done else "catch_up_changed"
    )


def cancel(request: StaffRequest) -> Response:
    """Take back the one that is booked."""
    session, entry = _found(request)
    done = catch_ups.cancel(request.connection, session, entry, _booked(request), request.member, request.now)
    return request.redirect(
        f"/staff/sessions/{session.id}/register", "catch_up_cancelled" if done else "catch_up_changed"
    )


def _booked(request: StaffRequest) -> datetime:
    """Return when the catch-up is that a form is about: as the page showed it, which may be otherwise by now."""
    try:
        return datetime.fromisoformat(request.form.get("was", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(400) from None


def _found(request: StaffRequest) -> tuple[ScheduledSession, RegisterEntry]:
    session = session_of(request)
    enrolment = request.number("enrolment")
    entries = register.entries(request.connection, session, request.now)
    entry = next((entry for entry in entries if entry.enrolment_id == enrolment), None)
    if entry is None:
        raise HTTPException(404)
    return session, entry


def _proposed(request: StaffRequest, session: ScheduledSession, booked: CatchUpBooking | None) -> BookCatchUpForm:
    """Return the form as it is shown at first: with what is booked, or with what might be."""
    starts_at, ends_at = (
        (booked.starts_at, booked.ends_at) if booked else catch_ups.proposed(request.connection, session, request.now)
    )
    starts, ends = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    venue = booked.venue if booked and booked.venue != session.venue else ""
    return BookCatchUpForm(day=starts.date().isoformat(), begins=f"{starts:%H:%M}", ends=f"{ends:%H:%M}", venue=venue)


def _page(
    request: StaffRequest,
    session: ScheduledSession,
    entry: RegisterEntry,
    book: BookCatchUpForm | None,
    record: RecordCatchUpForm,
    status: int = 200,
    **asked: object,
) -> Response:
    found = catch_ups.of(request.connection, session, entry)
    booked = next((one for one in found if one.outcome is None), None)
    book = book or _proposed(request, session, booked)
    values = {
        "session": session,
        "entry": entry,
        "catch_ups": [(one, labels.outcome(one.outcome)) for one in found if one.outcome],
        "booked": booked,
        "book": book,
        "record": record,
        "error_list": [*book.error_list, *record.error_list],
        **asked,
    }
    return request.render("staff/catch_up.html", values, status)
