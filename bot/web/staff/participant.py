"""One participant: their groups, attendance, appointments and links."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.records.access import identities
from bot.records.attendance.attendance_rule import Count, misses_left
from bot.records.participants import directory, repository
from bot.records.participants.participant_record import Enrolment, ParticipantRecord, Session, SessionState
from bot.records.staff import scope
from bot.web.staff import labels
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PINS = {
    "none": "Not chosen yet",
    "set": "Chosen",
    "waiting": "Chosen; wrong tries, so there is a wait before the next",
    "locked": "Locked after wrong tries: reset it to open the record again",
}
_SIGNS = {
    SessionState.ATTENDED: "✓",
    SessionState.MISSED: "✗",
    SessionState.CAUGHT_UP: "↺",
    SessionState.UNCONFIRMED: "?",
    SessionState.NOT_HELD: "–",
    SessionState.UPCOMING: "",
}


@dataclass(frozen=True)
class AttendanceDot:
    """One session in the overview of a person's time in a group."""

    session: Session
    kind: SessionState
    sign: str
    says: str
    outcome: str


@dataclass(frozen=True)
class EnrolledGroup:
    """A person's time in one group."""

    enrolment: Enrolment
    status: str
    dots: list[AttendanceDot]
    count: Count
    coming: int
    block: str | None
    block_count: Count
    counting: int
    """How many misses of the block count."""
    left: int


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/participants/{person:int}"
    return [
        app.route(path, show),
    ]


def show(request: StaffRequest) -> Response:
    """Show the participant."""
    person = participant_in_scope(request)
    record = directory.load_participant(request.connection, request.member, person)
    request.note_reading("record read", [person])
    coming = [a for a in record.appointments if a.ends_at > request.now]
    values = {
        **heading(request, person),
        "groups": [_group(request, record, enrolment) for enrolment in reversed(record.enrolments)],
        "allowed": record.allowed_misses,
        "appointments": [(labels.APPOINTMENTS[a.kind], a) for a in coming],
        "links": [(labels.channel(name), at) for name, at in identities.links(request.connection, person, request.now)],
        "pin": PINS[directory.pin_state(request.connection, person, request.now)],
        "reports": repository.absence_reports(request.connection, person),
    }
    return request.render("staff/participant.html", values)


def participant_in_scope(request: StaffRequest) -> int:
    """Return the id of the participant of the address; raise NotInScopeError where they are not the member's."""
    return scope.participant_in_scope(request.connection, request.member, request.number("person"))


def heading(request: StaffRequest, person: int) -> dict[str, object]:
    """Return what the heading of every page about a participant needs; raise HTTPException 404 for nobody."""
    name = repository.preferred_name(request.connection, person)
    if name is None:
        raise HTTPException(404)
    return {"person": person, "name": name, "reference": directory.reference(request.connection, person)}


def _group(request: StaffRequest, record: ParticipantRecord, enrolment: Enrolment) -> EnrolledGroup:
    now, block = request.now, enrolment.current_block(request.now)
    in_block = enrolment.count(now, block)
    counting = in_block.misses_counted(caught_up_counts=request.app.settings.caught_up_counts)
    return EnrolledGroup(
        enrolment,
        labels.STATUSES[enrolment.status],
        [_dot(request, session) for session in enrolment.visible_sessions(now)],
        enrolment.count(now),
        len(enrolment.upcoming_sessions(now)),
        block,
        in_block,
        counting,
        misses_left(counting, record.allowed_misses),
    )


def _dot(request: StaffRequest, session: Session) -> AttendanceDot:
    kind = session.state(request.now)
    said = labels.outcome(session.outcome) if kind is not SessionState.UPCOMING else "To come"
    said += ", caught up" if kind is SessionState.CAUGHT_UP else ""
    return AttendanceDot(session, kind, _SIGNS[kind], said, session.outcome or "")
