"""The session that the address of a page names."""

from bot.records.attendance import register
from bot.records.sessions import timetable
from bot.records.sessions.timetable import ScheduledSession
from bot.records.staff import scope
from bot.web.staff.request import StaffRequest


def session_of(request: StaffRequest) -> ScheduledSession:
    """Return the session; raise NotInScopeError where it is not one of the member's groups."""
    id_ = scope.session_in_scope(request.connection, request.member, request.number("session"))
    return timetable.scheduled_session(request.connection, id_)


def is_cancelled(request: StaffRequest, session: ScheduledSession) -> bool:
    """Return whether the session is not held on its date."""
    return register.is_cancelled(register.entries(request.connection, session, request.now))
