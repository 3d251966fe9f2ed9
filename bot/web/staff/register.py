"""The register of one session: everybody on one page, saved in one go."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.records.attendance import register
from bot.records.attendance.register import RegisterChoice, RegisterEntry
from bot.records.enums import Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions.timetable import ScheduledSession
from bot.web.staff import labels
from bot.web.staff.addressed_session import session_of
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_NONE = "none"
"""What a form sends for "to be confirmed"."""


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}/register"
    return [app.route(path, show), app.route(path, save, ["POST"])]


def show(request: StaffRequest) -> Response:
    """Show the register."""
    session = session_of(request)
    entries = register.entries(request.connection, session, request.now)
    people = [entry.participant_id for entry in entries]
    request.note_reading("register read", people, f"session {session.number}")
    return _page(request, session, entries, {})


def save(request: StaffRequest) -> Response:
    """Save the register; where somebody else changed a line meanwhile, show both and save nothing yet."""
    session = session_of(request)
    choices = {
        entry.enrolment_id: RegisterChoice(_read(request, "was", entry), _read(request, "outcome", entry))
        for entry in register.entries(request.connection, session, request.now)
        if f"outcome-{entry.enrolment_id}" in request.form
    }
    early = {id_ for id_, choice in choices.items() if _is_early(request, session, choice)}
    if early:
        entries = register.entries(request.connection, session, request.now)
        return _page(request, session, entries, choices, early=early)
    conflicts = register.record(request.connection, session, choices, request.member, request.now)
    if not conflicts:
        return request.redirect(request.path, "register_saved")
    entries = register.entries(request.connection, session, request.now)
    return _page(request, session, entries, choices, conflicts)


def _read(request: StaffRequest, field: str, entry: RegisterEntry) -> Outcome | None:
    value = request.form.get(f"{field}-{entry.enrolment_id}", "")
    if value == _NONE:
        return None
    try:
        return Outcome(value)
    except ValueError:
        raise HTTPException(400) from None


def _page(
    request: StaffRequest,
    session: ScheduledSession,
    entries: list[RegisterEntry],
    choices: dict[int, RegisterChoice],
    conflicts: set[int] | frozenset[int] = frozenset(),
    early: set[int] | frozenset[int] = frozenset(),
) -> Response:
    faults = {entry.enrolment_id: _fault(entry) for entry in entries if entry.enrolment_id in conflicts}
    faults |= {entry.enrolment_id: _early_fault(entry) for entry in entries if entry.enrolment_id in early}
    values = {
        "session": session,
        "lines": [_line(p, choices.get(p.enrolment_id), faults.get(p.enrolment_id)) for p in entries],
        "error_list": list(faults.values()),
        "why": "somebody else has changed this register" if conflicts else "this session is still to come",
        "to_be_confirmed": sum(entry.outcome is None for entry in entries),
        "over": session.ends_at <= request.now,
        "cancelled": register.is_cancelled(entries),
    }
    return request.render("staff/register.html", values, 409 if conflicts else 400 if early else 200)


def _is_early(request: StaffRequest, session: ScheduledSession, choice: RegisterChoice) -> bool:
    """Tell whether a line says of a session on a later day what nobody can know yet."""
    is_to_come = session.starts_at.astimezone(LOCAL).date() > request.now.astimezone(LOCAL).date()
    return is_to_come and choice.now is not choice.was and choice.now is not None and not choice.now.can_be_known_before


def _line(entry: RegisterEntry, choice: RegisterChoice | None, fault: dict[str, str] | None) -> dict[str, object]:
    """Return a line: what was chosen stays chosen, and what it is compared with next time is what is recorded now."""
    changed = choice is not None and choice.now is not choice.was
    chosen = choice.now if choice is not None and changed else entry.outcome
    items = [{"value": _NONE, "text": labels.TO_BE_CONFIRMED, "selected": chosen is None}]
    items += [
        {"value": o.value, "text": f"{text} ({o})", "selected": chosen is o} for o, text in labels.OUTCOMES.items()
    ]
    name = f"outcome-{entry.enrolment_id}"
    field: dict[str, object] = {"id": name, "name": name, "items": items, "classes": "wide"}
    field["label"] = {"text": f"Outcome for {entry.name}", "classes": "govuk-visually-hidden"}
    if fault:
        field["errorMessage"] = {"text": fault["text"]}
    return {"entry": entry, "field": field, "was": entry.outcome.value if entry.outcome else _NONE}


def _fault(entry: RegisterEntry) -> dict[str, str]:
    recorded = labels.outcome(entry.outcome)
    text = f"{entry.name}: somebody else has recorded “{recorded}” since you opened this page. Choose, and save again"
    return {"text": text, "href": f"#outcome-{entry.enrolment_id}"}


def _early_fault(entry: RegisterEntry) -> dict[str, str]:
    text = f"{entry.name}: whether somebody came, or stayed away without a reason, can be recorded on the day"
    return {"text": text, "href": f"#outcome-{entry.enrolment_id}"}
