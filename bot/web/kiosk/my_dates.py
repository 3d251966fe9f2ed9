"""One's own dates and attendance, for whoever has signed in: a calendar and 35 dots, both in words, and misses left."""

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.records import audit
from bot.records.enums import Access
from bot.records.participants import repository
from bot.records.participants.participant_record import (
    CatchUpSession,
    Enrolment,
    ParticipantRecord,
    Session,
)
from bot.replies.when import day, times
from bot.web.kiosk import attendance_picture, taking
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.request import KioskRequest

NEXT = 6
"""So many coming dates are listed."""


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/mine", show, auth=Access.UNLOCKED)]


async def show(request: KioskRequest) -> Response:
    """Show the visitor's own dates and attendance."""
    caller = await request.app.sessions.extend(request.token, request.now)
    person = caller.participant_id

    def work(connection: Connection) -> ParticipantRecord | None:
        if person is None:
            return None
        audit.note(connection, request.now, "participant", "looked at the own record", person, "screen")
        return repository.load_participant(connection, person)

    record = await request.app.database.write(work)
    if record is None:
        return RedirectResponse("/sign-in", 303)
    said, section = request.app.personal.misses_left(record, request.now, request.reply_format)
    misses = {"misses_left": said, "section": request.app.display_names.heading(section)}
    phone = {"has_phone": await taking.has_phone(request), "dates": taking.DATES}
    return await request.page("kiosk/mine.html", values(record, request.now) | misses | phone)


def values(record: ParticipantRecord, now: datetime) -> dict[str, object]:
    """Return what the page shows."""
    current = record.current_enrolments(now)
    coming = sorted((s for e in current for s in e.upcoming_sessions(now)), key=lambda s: s.starts_at)[:NEXT]
    catch_ups = _catch_ups(record, now)
    listed = [_shown(s, now) for s in _with_called_off(current, coming, now)]
    listed += [_shown(s, now, catch_up) for s, catch_up in catch_ups]
    held = [catch_up for _, catch_up in catch_ups if not catch_up.rescheduled]
    return {
        "coming": sorted(listed, key=lambda one: one["starts_at"]),
        "months": attendance_picture.months([*(s.starts_at for s in coming), *(c.starts_at for c in held)], now),
        "dots": attendance_picture.dots(record, current, now),
        "legend": attendance_picture.DOTS,
        "totals": attendance_picture.totals(record, current, now),
    }


def _with_called_off(current: list[Enrolment], coming: list[Session], now: datetime) -> list[Session]:
    """Return ``coming`` and the cancelled sessions among them, which people may still have in mind."""
    last = coming[-1].starts_at if coming else None
    called_off = [s for e in current for s in e.cancelled_sessions(now) if last is None or s.starts_at <= last]
    return sorted([*coming, *called_off], key=lambda session: session.starts_at)


def _catch_ups(record: ParticipantRecord, now: datetime) -> list[tuple[Session, CatchUpSession]]:
    """Return the catch-ups to come, each with the session that it is for."""
    known = (session for enrolment in record.enrolments for session in enrolment.visible_sessions(now))
    return [(session, c) for session in known for c in session.catch_ups if c.starts_at > now]


def _shown(session: Session, now: datetime, catch_up: CatchUpSession | None = None) -> dict[str, Any]:
    """Return a line of the list: a session, or the catch-up for one."""
    date = catch_up or session
    return {
        "starts_at": date.starts_at,
        "day": day(date.starts_at, now),
        "times": times(date.starts_at, date.ends_at),
        "venue": date.venue,
        "number": session.number,
        "is_catch_up": catch_up is not None,
        "cancelled": date.rescheduled,
        "reported": catch_up is None and session.reported,
    }
