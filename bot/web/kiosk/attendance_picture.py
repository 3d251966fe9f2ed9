"""What is drawn of a person's attendance: a dot for each session of the programme, and the months with dates."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.records.participants.participant_record import LOCAL, Enrolment, ParticipantRecord, SessionState

DOTS = {
    SessionState.ATTENDED: "attended",
    SessionState.MISSED: "missed",
    SessionState.CAUGHT_UP: "missed and caught up",
    SessionState.UNCONFIRMED: "over, not recorded yet",
    SessionState.NOT_HELD: "cancelled",
    SessionState.UPCOMING: "to come",
}
"""What a session can be, and how that is said."""


@dataclass(frozen=True)
class MissDot:
    """One session of the programme in the picture."""

    number: int
    kind: SessionState
    words: str


@dataclass(frozen=True)
class Month:
    """A month of the calendar: weeks of seven days; 0 where a day is another month's."""

    first: date
    weeks: tuple[tuple[int, ...], ...]
    taken: frozenset[int]
    today: int
    """The day that is today; 0 in every other month."""


def dots(record: ParticipantRecord, current: list[Enrolment], now: datetime) -> list[MissDot]:
    """Return one dot for each session of the programme, in its order."""
    known = {s.number: s for e in current for s in e.visible_sessions(now)}
    found = []
    for number in range(1, max([record.programme_sessions, *known]) + 1):
        kind = known[number].state(now) if number in known else SessionState.UPCOMING
        found.append(MissDot(number, kind, f"Session {number}: {DOTS[kind]}"))
    return found


def totals(record: ParticipantRecord, current: list[Enrolment], now: datetime) -> dict[SessionState, int]:
    """Return how many dots there are of each kind."""
    kinds = [dot.kind for dot in dots(record, current, now)]
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
