"""Warnings about values that are possible but hardly meant: an import shows them, and the pages of staff ask."""

from datetime import datetime

from bot.records.enums import AttendanceKind, Outcome
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions.programmes import Window


def session_time_warnings(starts_at: datetime, ends_at: datetime, window: Window) -> list[str]:
    """Return the warnings about when a session of an option of the programme is, each to follow "the session"."""
    starts, ends = starts_at.astimezone(LOCAL), ends_at.astimezone(LOCAL)
    inside = starts.date() == ends.date() and window.earliest <= starts.time() and ends.time() <= window.latest
    if inside:
        return []
    day = "" if starts.date() == ends.date() else " the next day"
    return [
        f"is from {starts:%H:%M} to {ends:%H:%M}{day}, and the group’s option is from "
        f"{window.earliest:%H:%M} to {window.latest:%H:%M}"
    ]


def catch_up_warnings(starts_at: datetime, session_ends_at: datetime, outcome: Outcome | None) -> list[str]:
    """Return the warnings about a catch-up for a session with ``outcome``, each to follow "the catch-up"."""
    found = []
    if starts_at < session_ends_at:
        session = session_ends_at.astimezone(LOCAL)
        found.append(f"is before the session that it is for, which is on {session.day} {session:%B %Y}")
    if outcome is not None and outcome.kind is AttendanceKind.ATTENDED:
        found.append("is for a session that is recorded as attended")
    if outcome is not None and outcome.kind is AttendanceKind.NOT_HELD:
        found.append("is for a session that is recorded as rescheduled, not as missed")
    return found
