"""Everything in a person's record that has a time, and its sentence: what takes place, and what is cancelled."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.personal.said import PersonalQuery, Phrase, event_phrase, phrase
from bot.messages import File
from bot.records.participants.participant_record import LOCAL, Appointment, CatchUpSession, Session
from bot.records.sessions import calendar_entries
from bot.replies import calendar_files


@dataclass(frozen=True)
class Date:
    """Anything in the record with a time and a place."""

    starts_at: datetime
    ends_at: datetime
    venue: str
    what: Phrase
    about: str
    """What it is in the record: the entry in a calendar that is moved with it is found by this."""
    cancelled: bool = False
    session: Session | None = None
    """The group session that it is, if it is one."""

    @property
    def day(self) -> date:
        """The local date."""
        return self.starts_at.astimezone(LOCAL).date()


def dates(query: PersonalQuery) -> list[Date]:
    """Return everything in the record that has a time, in order."""
    found = [_appointment(appointment) for appointment in query.record.appointments]
    for enrolment in query.enrolments:
        for session in enrolment.visible_sessions(query.now):
            found.append(_session(session))
            found += [_catch_up(session, catch_up) for catch_up in session.catch_ups]
    return sorted(found, key=lambda date: date.starts_at)


def described(dated: Date, query: PersonalQuery) -> Phrase:
    """Return the sentence for what is on a day."""
    if dated.session:
        return about(dated.session, query)
    name = "other_cancelled" if dated.cancelled else "other_on_day"
    return _with_what(event_phrase(name, dated, query.now), dated)


def about(session: Session, query: PersonalQuery) -> Phrase:
    """Return the sentence for one session: when and where it is or was, or that it is cancelled."""
    to_come = session.ends_at > query.now
    if session.rescheduled:
        name = "cancelled_on_day" if to_come else "was_cancelled"
    else:
        name = "on_day" if to_come else "was_on_day"
    return event_phrase(name, session, query.now, number=session.number)


def line(dated: Date, now: datetime) -> Phrase:
    """Return a line of a list."""
    name = "schedule_line_cancelled" if dated.cancelled else "schedule_line"
    return _with_what(event_phrase(name, dated, now), dated, own_line=True)


def calendar_file(
    connection: Any,
    participant_id: int,
    coming: Iterable[Date],
    now: datetime,
    uids: MutableMapping[calendar_entries.CalendarEntry, str] | None = None,
) -> File:
    """Return a calendar file of the dates to come, and keep what is in it: a later one moves or cancels entries.

    ``uids`` keeps the names of new entries, where the file of one message is made more than once.
    """
    wanted = [calendar_entries.CalendarEntry(d.about, d.starts_at, d.ends_at, d.venue, d.cancelled) for d in coming]
    entries = calendar_entries.give_out(connection, participant_id, wanted, now, uids)
    return File("dates.ics", "text/calendar", calendar_files.ics(entries, now))


def _with_what(sentence: Phrase, dated: Date, *, own_line: bool = False) -> Phrase:
    values = {**sentence.values, "what": dated.what.name, **dated.what.values}
    return Phrase(sentence.name, values, own_line=own_line)


def _session(session: Session) -> Date:
    what, entry = phrase("what_session", number=session.number), f"session {session.id}"
    return Date(session.starts_at, session.ends_at, session.venue, what, entry, session.rescheduled, session)


def _catch_up(session: Session, catch_up: CatchUpSession) -> Date:
    what, entry = phrase("what_catch_up", number=session.number), f"catch-up {session.id}"
    return Date(catch_up.starts_at, catch_up.ends_at, catch_up.venue, what, entry, catch_up.rescheduled)


def _appointment(appointment: Appointment) -> Date:
    what, entry = phrase(f"what_{appointment.kind.value}"), f"appointment {appointment.kind.value}"
    return Date(appointment.starts_at, appointment.ends_at, appointment.venue, what, entry)
