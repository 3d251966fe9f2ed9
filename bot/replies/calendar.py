"""A calendar file of somebody's dates. Its titles say nothing about what they are for."""

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

TITLE = "Appointment"


def ics(dates: Iterable[tuple[datetime, datetime, str]], now: datetime) -> str:
    """Return an iCalendar file of (start, end, place)."""
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    for starts_at, ends_at, place in dates:
        event = Event()
        # The same date gets the same name, so that a second file replaces the first one's entries.
        event.add("uid", str(uuid5(NAMESPACE_URL, f"{starts_at.isoformat()} {place}")))
        event.add("dtstamp", now)
        event.add("dtstart", starts_at)
        event.add("dtend", ends_at)
        event.add("summary", TITLE)
        event.add("location", place)
        calendar.add_component(event)
    return str(calendar.to_ical().decode())
