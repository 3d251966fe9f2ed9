"""The people whom moving or cancelling a session affects: shown before it, and written to after it."""

from collections.abc import Callable

from starlette.responses import Response

from bot.records.attendance import register
from bot.records.attendance.register import RegisterEntry
from bot.records.sessions.timetable import ScheduledSession
from bot.web.staff import notices
from bot.web.staff.addressed_session import is_cancelled
from bot.web.staff.request import StaffRequest


def session_values(request: StaffRequest, session: ScheduledSession) -> dict[str, object]:
    """Return the session as the page shows it, so that the form can say what it was about."""
    return {"session": session, "cancelled": is_cancelled(request, session)}


def affected_people(
    request: StaffRequest, session: ScheduledSession, is_affected: Callable[[RegisterEntry], bool]
) -> dict[str, object]:
    """Return what a page shows of the people for whom ``is_affected`` is true, and how many others there are."""
    entries = register.entries(request.connection, session, request.now)
    people = [entry for entry in entries if is_affected(entry)]
    ids = [entry.participant_id for entry in people]
    request.note_reading("plan read", ids, f"session {session.number}")
    affected = [(entry, notices.can_reach(request, entry.participant_id)) for entry in people]
    return {"affected": affected, "recorded": len(entries) - len(people)}


def tell_and_go_on(
    request: StaffRequest, session: ScheduledSession, people: list[RegisterEntry], done: str, topic: str, **values: str
) -> Response:
    """Write to these people where the form asks for it, and go on to the page of the group."""
    told = 0
    if request.form.get("tell"):
        told = sum(notices.send(request, entry.participant_id, topic, **values) for entry in people)
    return request.redirect(f"/staff/groups/{session.group_id}", "told" if told else done)
