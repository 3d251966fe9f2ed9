"""A calendar file of somebody's dates. Its titles say nothing about what they are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

TITLE = "Appointment"


@dataclass(frozen=True)
class CalendarEvent:
    """One entry of a calendar. A later file with the same ``uid`` and a higher ``sequence`` changes or cancels it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    place: str
    cancelled: bool = False


def ics(entries: Iterable[CalendarEvent], now: datetime) -> str:
    """Return an iCalendar file of ``entries``: published, with those that are cancelled marked so."""
    calendar = Calendar()
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return str(calendar.to_ical().decode())


def _event(entry: CalendarEvent, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", TITLE)
    event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
