"""Warnings about a new date of a session or a catch-up, which staff confirm before it is kept. Each follows "it"."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.records.attendance.register import RegisterEntry
from bot.records.enums import ScheduleOption
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import plan, plausibility, programmes
from bot.records.sessions.tables import programme_group, session
from bot.records.sessions.timetable import ScheduledSession

TimeRange = tuple[datetime, datetime]
_EARLIEST, _LATEST = 7, 22
"""Local hours outside which nobody is asked to come."""


def move_warnings(
    connection: Connection, scheduled: ScheduledSession, time_range: TimeRange, now: datetime
) -> list[str]:
    """Return the warnings about moving a session to ``time_range``."""
    query = select(programme_group.c.programme_id, programme_group.c.option).where(
        programme_group.c.id == scheduled.group_id
    )
    group = connection.execute(query).one()
    window = programmes.windows(connection, group.programme_id)[ScheduleOption(group.option)]
    return [
        *_in_the_past(time_range, now),
        *_on_a_free_day(scheduled, time_range),
        *plausibility.session_time_warnings(*time_range, window),
        *_out_of_order(connection, scheduled, time_range),
    ]


def catch_up_warnings(
    connection: Connection, scheduled: ScheduledSession, entry: RegisterEntry, time_range: TimeRange, now: datetime
) -> list[str]:
    """Return the warnings about a catch-up at ``time_range``."""
    return [
        *plausibility.catch_up_warnings(time_range[0], scheduled.ends_at, entry.outcome),
        *_not_missed_yet(scheduled, entry, now),
        *_in_the_past(time_range, now),
        *_on_a_free_day(scheduled, time_range),
        *_at_night(time_range),
        *_during_a_session(connection, scheduled, time_range),
    ]


def _in_the_past(time_range: TimeRange, now: datetime) -> list[str]:
    return ["is in the past"] if time_range[0] < now else []


def _not_missed_yet(scheduled: ScheduledSession, entry: RegisterEntry, now: datetime) -> list[str]:
    is_later = scheduled.starts_at.astimezone(LOCAL).date() > now.astimezone(LOCAL).date()
    is_unasked = is_later and entry.outcome is None and entry.report_id is None
    return ["is for a session that is still to come, and nobody has said that it will be missed"] if is_unasked else []


def _on_a_free_day(scheduled: ScheduledSession, time_range: TimeRange) -> list[str]:
    """Tell of a bank holiday, and of a Saturday or Sunday where the session was on another day of the week."""
    day, usual = time_range[0].astimezone(LOCAL).date(), scheduled.starts_at.astimezone(LOCAL).date()
    holiday = plan.bank_holiday(day)
    if holiday:
        return [f"is on a bank holiday ({holiday})"]
    return [f"is on a {day:%A}"] if _is_weekend(day) and not _is_weekend(usual) else []


def _is_weekend(day: date) -> bool:
    return day.isoweekday() >= 6


def _at_night(time_range: TimeRange) -> list[str]:
    starts, ends = (moment.astimezone(LOCAL) for moment in time_range)
    late = ends.hour > _LATEST or (ends.hour == _LATEST and ends.minute > 0) or ends.date() != starts.date()
    return [f"is from {starts:%H:%M} to {ends:%H:%M}"] if late or starts.hour < _EARLIEST else []


def _during_a_session(connection: Connection, scheduled: ScheduledSession, time_range: TimeRange) -> list[str]:
    same = (
        (session.c.group_id == scheduled.group_id)
        & (session.c.starts_at < time_range[1])
        & (session.c.ends_at > time_range[0])
    )
    number = connection.execute(select(session.c.number).where(same, session.c.id != scheduled.id)).scalar()
    return [f"is at the time of session {number} of the group"] if number else []


def _out_of_order(connection: Connection, scheduled: ScheduledSession, time_range: TimeRange) -> list[str]:
    own = session.c.group_id == scheduled.group_id
    later = (session.c.number < scheduled.number) & (session.c.starts_at > time_range[0])
    earlier = (session.c.number > scheduled.number) & (session.c.starts_at < time_range[0])
    columns = select(session.c.number).order_by(session.c.number)
    found = {
        "before": connection.execute(columns.where(own, later)).scalars().all(),
        "after": connection.execute(columns.where(own, earlier)).scalars().all(),
    }
    return [f"is {where} {_sessions(numbers)}" for where, numbers in found.items() if numbers]


def _sessions(numbers: Sequence[int]) -> str:
    return f"session {numbers[0]}" if len(numbers) == 1 else f"sessions {numbers[0]} to {numbers[-1]}"
