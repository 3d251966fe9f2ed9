"""Weeks of counts, each named by its Monday in local time."""

from datetime import date, datetime, timedelta

from bot.records.participants.participant_record import LOCAL


def monday(moment: datetime) -> date:
    """Return the Monday of the week of ``moment`` in local time."""
    day = moment.astimezone(LOCAL).date()
    return day - timedelta(days=day.weekday())


def last(count: int, now: datetime) -> list[date]:
    """Return the Mondays of the last ``count`` weeks, including the present one, the oldest first."""
    this = monday(now)
    return [this - timedelta(weeks=back) for back in reversed(range(count))]
