"""One participant: the whole picture, and what can be done about links and the PIN."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import InputRequired

from bot.records import audit
from bot.records.access import identities
from bot.records.attendance.attendance_rule import Count, misses_left
from bot.records.enums import Role
from bot.records.participants import directory, repository
from bot.records.participants.participant_record import Enrolment, EnrolmentState, ParticipantRecord, Session
from bot.records.staff import scope
from bot.retention.erase import erase
from bot.web.frontend.forms import Form, StringField
from bot.web.staff import labels
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

FLASH_MESSAGES["unlinked"] = "No telephone or chat is linked to this person any more."
FLASH_MESSAGES["removed"] = "The person and everything about them is removed."
PINS = {
    "none": "Not chosen yet",
    "set": "Chosen",
    "waiting": "Chosen; wrong tries, so there is a wait before the next",
    "locked": "Locked after wrong tries: reset it to open the record again",
}
_SIGNS = {
    EnrolmentState.ATTENDED: "✓",
    EnrolmentState.MISSED: "✗",
    EnrolmentState.CAUGHT_UP: "↺",
    EnrolmentState.UNCONFIRMED: "?",
    EnrolmentState.NOT_HELD: "–",
    EnrolmentState.COMING: "",
}


@dataclass(frozen=True)
class AttendanceDot:
    """One session in the picture of a group."""

    session: Session
    kind: EnrolmentState
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


class Confirm(Form):
    """What has to be typed before a person is removed."""

    reference = StringField("Reference", [InputRequired("Enter the person’s reference")])


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    path = "/participants/{person:int}"
    return [
        desk.route(path, show),
        desk.route(f"{path}/link-code", link_code, ["POST"]),
        desk.route(f"{path}/reset-pin", ask_reset),
        desk.route(f"{path}/reset-pin", reset_pin, ["POST"]),
        desk.route(f"{path}/unlink", ask_unlink),
        desk.route(f"{path}/unlink", unlink, ["POST"]),
        desk.route(f"{path}/remove", ask_remove, role=Role.MANAGER),
        desk.route(f"{path}/remove", remove, ["POST"], role=Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the whole picture."""
    person = _person(visit)
    picture = directory.picture(visit.connection, visit.member, person)
    audit.note_reading(visit.connection, visit.now, visit.member.actor, "record read", [person])
    coming = [a for a in picture.appointments if a.ends_at > visit.now]
    values = {
        **_common(visit, person),
        "groups": [_group(visit, picture, enrolment) for enrolment in reversed(picture.enrolments)],
        "allowed": picture.allowed_misses,
        "appointments": [(labels.APPOINTMENTS[a.kind], a) for a in coming],
        "links": [(labels.channel(name), at) for name, at in identities.links(visit.connection, person, visit.now)],
        "pin": PINS[directory.pin_state(visit.connection, person, visit.now)],
        "reports": repository.absence_reports(visit.connection, person),
    }
    return visit.page("staff/participant.html", values)


def link_code(visit: StaffRequest) -> Response:
    """Show a new link code: now, and never again."""
    person = _person(visit)
    code = identities.issue_code(visit.connection, person, visit.member.actor, visit.now)
    return _sheet(visit, person, code)


def ask_reset(visit: StaffRequest) -> Response:
    """Ask whether the PIN is to be forgotten."""
    return visit.page("staff/reset_pin.html", _common(visit, _person(visit)))


def reset_pin(visit: StaffRequest) -> Response:
    """Forget the PIN and the links, and show a new link code."""
    person = _person(visit)
    code = identities.reset_pin(visit.connection, person, visit.member.actor, visit.now)
    return _sheet(visit, person, code)


def ask_unlink(visit: StaffRequest) -> Response:
    """Ask whether the links are to be forgotten."""
    person = _person(visit)
    links = [(labels.channel(name), at) for name, at in identities.links(visit.connection, person, visit.now)]
    return visit.page("staff/unlink.html", {**_common(visit, person), "links": links})


def unlink(visit: StaffRequest) -> Response:
    """Forget every link."""
    person = _person(visit)
    identities.unlink_all(visit.connection, person, visit.member.actor, visit.now)
    return visit.go(f"/staff/participants/{person}", "unlinked")


def ask_remove(visit: StaffRequest) -> Response:
    """Ask for the reference before a person is removed."""
    return visit.page("staff/remove.html", {**_common(visit, _person(visit)), "form": Confirm()})


def remove(visit: StaffRequest) -> Response:
    """Remove a person and everything about them."""
    person = _person(visit)
    form = Confirm(visit.form)
    if form.validate() and form.reference.data.strip() != directory.reference(visit.connection, person):
        form.reference.errors = ["That is not this person’s reference"]
    if form.errors:
        return visit.page("staff/remove.html", {**_common(visit, person), "form": form}, 400)
    erase(visit.connection, person, visit.member.actor, visit.now)
    return visit.go("/staff/participants", "removed")


def _sheet(visit: StaffRequest, person: int, code: str) -> Response:
    """Show what a person is given: the code, the reference, and each way in which the code can be used here."""
    settings = visit.desk.settings
    ways = {"text_to": settings.text_to, "telegram": settings.telegram_name if settings.telegram_token else ""}
    return visit.page("staff/link_code.html", {**_common(visit, person), "code": code, **ways})


def _person(visit: StaffRequest) -> int:
    return scope.person(visit.connection, visit.member, visit.number("person"))


def _common(visit: StaffRequest, person: int) -> dict[str, object]:
    name = repository.preferred_name(visit.connection, person)
    if name is None:
        raise HTTPException(404)
    return {"person": person, "name": name, "reference": directory.reference(visit.connection, person)}


def _group(visit: StaffRequest, picture: ParticipantRecord, enrolment: Enrolment) -> EnrolledGroup:
    now, block = visit.now, enrolment.block_now(visit.now)
    in_block = enrolment.count(now, block)
    counting = in_block.counting(caught_up_counts=visit.desk.settings.caught_up_counts)
    return EnrolledGroup(
        enrolment,
        labels.STATUSES[enrolment.status],
        [_dot(visit, session) for session in enrolment.known(now)],
        enrolment.count(now),
        len(enrolment.coming(now)),
        block,
        in_block,
        counting,
        misses_left(counting, picture.allowed_misses),
    )


def _dot(visit: StaffRequest, session: Session) -> AttendanceDot:
    kind = session.state(visit.now)
    said = labels.outcome(session.outcome) if kind is not EnrolmentState.COMING else "To come"
    said += ", caught up" if kind is EnrolmentState.CAUGHT_UP else ""
    return AttendanceDot(session, kind, _SIGNS[kind], said, session.outcome or "")
