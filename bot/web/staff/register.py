"""The register of one session: everybody on one page, saved in one go."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.records import audit
from bot.records.attendance import register
from bot.records.attendance.register import RegisterChoice, RegisterEntry
from bot.records.enums import Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import timetable
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff import scope
from bot.web.staff import labels
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

FLASH_MESSAGES["register_saved"] = "The register is saved."
_NONE = "none"
"""What a form sends for "to be confirmed"."""


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/sessions/{session:int}/register"
    return [desk.route(path, show), desk.route(path, save, ["POST"])]


def show(visit: StaffRequest) -> Response:
    """Show the register."""
    held = _held(visit)
    places = register.entries(visit.connection, held, visit.now)
    detail = f"session {held.number}"
    people = [place.participant_id for place in places]
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "register read", people, detail)
    return _page(visit, held, places, {})


def save(visit: StaffRequest) -> Response:
    """Save the register; where somebody else changed a line meanwhile, show both and save nothing yet."""
    held = _held(visit)
    choices = {
        place.enrolment_id: RegisterChoice(_read(visit, "was", place), _read(visit, "outcome", place))
        for place in register.entries(visit.connection, held, visit.now)
        if f"outcome-{place.enrolment_id}" in visit.form
    }
    early = {id_ for id_, choice in choices.items() if _is_early(visit, held, choice)}
    if early:
        places = register.entries(visit.connection, held, visit.now)
        return _page(visit, held, places, choices, early=early)
    conflicts = register.record(visit.connection, held, choices, visit.member, visit.now)
    if not conflicts:
        return visit.go(visit.request.url.path, "register_saved")
    places = register.entries(visit.connection, held, visit.now)
    return _page(visit, held, places, choices, conflicts)


def _held(visit: StaffRequest) -> ScheduledSession:
    return timetable.scheduled_session(
        visit.connection, scope.session_in_scope(visit.connection, visit.member, visit.number("session"))
    )


def _read(visit: StaffRequest, field: str, place: RegisterEntry) -> Outcome | None:
    value = visit.form.get(f"{field}-{place.enrolment_id}", "")
    if value == _NONE:
        return None
    try:
        return Outcome(value)
    except ValueError:
        raise HTTPException(400) from None


def _page(
    visit: StaffRequest,
    held: ScheduledSession,
    places: list[RegisterEntry],
    choices: dict[int, RegisterChoice],
    conflicts: set[int] | frozenset[int] = frozenset(),
    early: set[int] | frozenset[int] = frozenset(),
) -> Response:
    faults = {place.enrolment_id: _fault(place) for place in places if place.enrolment_id in conflicts}
    faults |= {place.enrolment_id: _early_fault(place) for place in places if place.enrolment_id in early}
    values = {
        "held": held,
        "lines": [_line(p, choices.get(p.enrolment_id), faults.get(p.enrolment_id)) for p in places],
        "faults": list(faults.values()),
        "why": "somebody else has changed this register" if conflicts else "this session is still to come",
        "to_be_confirmed": sum(place.outcome is None for place in places),
        "over": held.ends_at <= visit.now,
        "cancelled": register.is_cancelled(places),
    }
    return visit.page("staff/register.html", values, 409 if conflicts else 400 if early else 200)


def _is_early(visit: StaffRequest, held: ScheduledSession, choice: RegisterChoice) -> bool:
    """Tell whether a line says of a session on a later day what nobody can know yet."""
    is_to_come = held.starts_at.astimezone(LOCAL).date() > visit.now.astimezone(LOCAL).date()
    return is_to_come and choice.now is not choice.was and choice.now is not None and not choice.now.can_be_known_before


def _line(place: RegisterEntry, choice: RegisterChoice | None, fault: dict[str, str] | None) -> dict[str, object]:
    """Return a line: what was chosen stays chosen, and what it is compared with next time is what is recorded now."""
    changed = choice is not None and choice.now is not choice.was
    chosen = choice.now if choice is not None and changed else place.outcome
    items = [{"value": _NONE, "text": labels.TO_BE_CONFIRMED, "selected": chosen is None}]
    items += [
        {"value": o.value, "text": f"{text} ({o})", "selected": chosen is o} for o, text in labels.OUTCOMES.items()
    ]
    name = f"outcome-{place.enrolment_id}"
    field: dict[str, object] = {"id": name, "name": name, "items": items, "classes": "wide"}
    field["label"] = {"text": f"Outcome for {place.name}", "classes": "govuk-visually-hidden"}
    if fault:
        field["errorMessage"] = {"text": fault["text"]}
    return {"place": place, "field": field, "was": place.outcome.value if place.outcome else _NONE}


def _fault(place: RegisterEntry) -> dict[str, str]:
    recorded = labels.outcome(place.outcome)
    text = f"{place.name}: somebody else has recorded “{recorded}” since you opened this page. Choose, and save again"
    return {"text": text, "href": f"#outcome-{place.enrolment_id}"}


def _early_fault(place: RegisterEntry) -> dict[str, str]:
    text = f"{place.name}: whether somebody came, or stayed away without a reason, can be recorded on the day"
    return {"text": text, "href": f"#outcome-{place.enrolment_id}"}
