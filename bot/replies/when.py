"""Days and times as people say them: "Tuesday 24 November", "6pm to 8pm". English clock words; Babel's day names."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

LOCAL = ZoneInfo("Europe/London")
_FAR_DAYS = 300
"""A date further away than this is said with its year."""


def day(moment: datetime | date, now: datetime, language: str = "en") -> str:
    """Return the local day, with its year where it is far from ``now``."""
    local = moment.astimezone(LOCAL).date() if isinstance(moment, datetime) else moment
    far = abs((local - now.astimezone(LOCAL).date()).days) > _FAR_DAYS
    return str(format_date(local, "EEEE d MMMM y" if far else "EEEE d MMMM", locale=language))


def times(starts_at: datetime, ends_at: datetime) -> str:
    """Return from when to when, in local time."""
    return f"{clock(starts_at)} to {clock(ends_at)}"


def clock(moment: datetime) -> str:
    """Return the local time: "6pm", "10.30am", "midday"."""
    local = moment.astimezone(LOCAL)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f".{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
