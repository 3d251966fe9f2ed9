"""One's own dates and attendance, for whoever has signed in: a calendar and 35 dots, both in words, and misses left."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.records import audit
from bot.records.access.identities import Access
from bot.records.participants import repository
from bot.records.participants.participant_record import (
    LOCAL,
    CatchUpSession,
    Enrolment,
    EnrolmentState,
    ParticipantRecord,
    Session,
)
from bot.replies.when import day, times
from bot.web.kiosk import taking
from bot.web.kiosk.screen import KioskApp, KioskRequest

NEXT = 6
"""So many coming dates are listed."""
DOTS = {
    EnrolmentState.ATTENDED: "attended",
    EnrolmentState.MISSED: "missed",
    EnrolmentState.CAUGHT_UP: "missed and caught up",
    EnrolmentState.UNCONFIRMED: "over, not recorded yet",
    EnrolmentState.NOT_HELD: "cancelled",
    EnrolmentState.COMING: "to come",
}
"""What a session can be, and how that is said."""


@dataclass(frozen=True)
class MissDot:
    """One session of the programme in the picture."""

    number: int
    kind: EnrolmentState
    words: str


@dataclass(frozen=True)
class Month:
    """A month of the calendar: weeks of seven days; 0 where a day is another month's."""

    first: date
    weeks: tuple[tuple[int, ...], ...]
    taken: frozenset[int]
    today: int
    """The day that is today; 0 in every other month."""


def routes(screen: KioskApp) -> list[Route]:
    """Return the routes."""
    return [screen.route("/mine", show)]


async def show(visit: KioskRequest) -> Response:
    """Show them; whoever is not signed in is asked to."""
    who = await visit.screen.stay(visit.token, visit.now)
    if who.access is not Access.UNLOCKED or who.participant_id is None:
        return RedirectResponse("/sign-in", 303)
    person = who.participant_id

    def work(connection: Connection) -> ParticipantRecord | None:
        audit.note(connection, visit.now, "participant", "looked at the own record", person, "screen")
        return repository.picture(connection, person)

    picture = await visit.screen.database.write(work)
    if picture is None:
        return RedirectResponse("/sign-in", 303)
    said, section = visit.screen.own.misses_left(picture, visit.now, visit.rendering)
    misses = {"misses_left": said, "section": visit.screen.shown.heading(section)}
    phone = {"has_phone": await taking.has_phone(visit), "dates": taking.DATES}
    return await visit.page("kiosk/mine.html", values(picture, visit.now) | misses | phone)


def values(picture: ParticipantRecord, now: datetime) -> dict[str, object]:
    """Return what the page shows."""
    current = picture.current(now)
    coming = sorted((s for e in current for s in e.coming(now)), key=lambda s: s.starts_at)[:NEXT]
    catch_ups = _catch_ups(picture, now)
    listed = [_shown(s, now) for s in _with_called_off(current, coming, now)]
    listed += [_shown(s, now, catch_up) for s, catch_up in catch_ups]
    held = [catch_up for _, catch_up in catch_ups if not catch_up.rescheduled]
    return {
        "coming": sorted(listed, key=lambda one: one["starts_at"]),
        "months": months([*(s.starts_at for s in coming), *(c.starts_at for c in held)], now),
        "dots": dots(picture, current, now),
        "legend": DOTS,
        "totals": totals(picture, current, now),
    }


def _with_called_off(current: list[Enrolment], coming: list[Session], now: datetime) -> list[Session]:
    """Return ``coming`` and the cancelled sessions among them, which people may still have in mind."""
    last = coming[-1].starts_at if coming else None
    called_off = [s for e in current for s in e.called_off(now) if last is None or s.starts_at <= last]
    return sorted([*coming, *called_off], key=lambda session: session.starts_at)


def _catch_ups(picture: ParticipantRecord, now: datetime) -> list[tuple[Session, CatchUpSession]]:
    """Return the catch-ups to come, each with the session that it is for."""
    known = (session for enrolment in picture.enrolments for session in enrolment.known(now))
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


def dots(picture: ParticipantRecord, current: list[Enrolment], now: datetime) -> list[MissDot]:
    """Return one dot for each session of the programme, in its order."""
    known = {s.number: s for e in current for s in e.known(now)}
    found = []
    for number in range(1, max([picture.programme_sessions, *known]) + 1):
        kind = known[number].state(now) if number in known else EnrolmentState.COMING
        found.append(MissDot(number, kind, f"Session {number}: {DOTS[kind]}"))
    return found


def totals(picture: ParticipantRecord, current: list[Enrolment], now: datetime) -> dict[EnrolmentState, int]:
    """Return how many dots there are of each kind."""
    kinds = [dot.kind for dot in dots(picture, current, now)]
    return {kind: kinds.count(kind) for kind in DOTS if kind in kinds}


def months(starts: Iterable[datetime], now: datetime) -> list[Month]:
    """Return the months in which there is something, by when each of it starts."""
    today = now.astimezone(LOCAL).date()
    days = {start.astimezone(LOCAL).date() for start in starts}
    return [
        Month(
            first,
            tuple(tuple(week) for week in Calendar().monthdayscalendar(first.year, first.month)),
            frozenset(taken.day for taken in days if taken.replace(day=1) == first),
            today.day if today.replace(day=1) == first else 0,
        )
        for first in sorted({taken.replace(day=1) for taken in days})
    ]
