"""Sessions that staff cancel or move: what people are told of them, and what their calendars get."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import delete, insert, select, update

from actions.personal_answers import PersonalAnswers
from bot.conversation.state import ConversationState
from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_phrases import load as load_own_turns
from bot.messages import ReplyFormat
from bot.records.attendance.tables import catch_up
from bot.records.enums import Access, Role
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL, SessionState
from bot.records.participants.tables import appointment
from bot.records.sessions import planning, timetable
from bot.records.sessions.tables import office, programme_group, session
from bot.records.staff.members import Member
from bot.replies.wording import load as load_wording
from bot.settings import Settings
from bot.text.normalise import normalise
from bot.web.kiosk import my_dates
from tests.support.records import RECORD, imported

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)


class Office:
    """A record in which staff cancel and move sessions, and people ask about theirs."""

    def __init__(self, record):
        self.record = record
        assert imported(record, RECORD).problems.found == []
        settings = Settings()
        catalog = load_wording(settings.programme, settings.language)
        self._own = PersonalAnswers(catalog, load_own_turns(), settings.office)
        with record.reading() as connection:
            where = connection.execute(select(office.c.id)).scalar()
            self.person = repository.participant_id(connection, "P00")
        self._who = Member(1, "Made Up", Role.MANAGER, where, "Example office")

    def held(self, connection, number):
        own = (session.c.number == number) & (programme_group.c.name == "Evening A")
        id_ = connection.execute(select(session.c.id).join(programme_group).where(own)).scalar()
        return timetable.scheduled_session(connection, id_)

    def cancel(self, number):
        with self.record.writing() as connection:
            planning.cancel(connection, self.held(connection, number), self._who, NOW)

    def move(self, number, days):
        with self.record.writing() as connection:
            held, later = self.held(connection, number), timedelta(days=days)
            assert planning.move(
                connection, held, (held.starts_at + later, held.ends_at + later), "Room 9", self._who, NOW
            )

    def ask(self, topic, text="", now=NOW):
        words = normalise(text)
        unit = UnitOfWork(self.record, lambda: now)
        heard = PersonalMessage(
            Access.UNLOCKED, self.person, now, text, words, ConversationState(), ReplyFormat.SCREEN, unit
        )

        async def answered():
            reply, _ = await self._own.answer(topic, heard)
            await unit.commit()
            return reply

        return asyncio.run(answered())

    def dates(self, now=NOW):
        """Return the events of the calendar file that goes with the list of dates."""
        return list(Calendar.from_ical(self.ask("my_schedule", now=now).calendar.content).walk("VEVENT"))

    def participant(self):
        with self.record.reading() as connection:
            return repository.load_participant(connection, self.person)


@pytest.fixture
def place(empty_record):
    return Office(empty_record)


def test_the_next_session_is_the_next_one_that_takes_place(place):
    place.cancel(13)
    said = place.ask("my_next_session").text
    assert "Your next session is on Tuesday 1 December" in said
    assert "Session 13 on Tuesday 24 November, 6pm to 8pm, is cancelled: do not come." in said
    assert "rescheduled" not in said


@pytest.mark.parametrize("text", ["am i on the 24th", "is there one tomorrow", "session 13", "next tuesday or tuesday"])
def test_a_question_about_a_cancelled_session_is_told_so(place, text):
    place.cancel(13)
    assert (
        "Session 13 on Tuesday 24 November, 6pm to 8pm, is cancelled: do not come."
        in place.ask("my_next_session", text).text
    )


def test_nobody_is_told_where_a_cancelled_session_is(place):
    place.cancel(13)
    assert "Your next session, on Tuesday 1 December, is at" in place.ask("my_venue").text


def test_the_list_marks_it_and_what_is_left_leaves_it_out(place):
    before = place.ask("my_sessions_left").text
    place.cancel(13)
    assert "\nTuesday 24 November, 6pm to 8pm: session 13. Cancelled: do not come.\n" in place.ask("my_schedule").text
    after = place.ask("my_sessions_left").text
    assert "You have 23 sessions left" in before
    assert "You have 22 sessions left" in after
    assert "Cancelled, and not counted here: 1." in after


def test_a_cancelled_session_that_is_past_is_neither_missed_nor_the_last_one(place):
    later = NOW + timedelta(days=3)
    place.cancel(13)
    assert "Session 13 on Tuesday 24 November was cancelled." in place.ask("my_next_session", "session 13", later).text
    assert (
        "Session 12 was on Tuesday 17 November" in place.ask("my_next_session", "last session i attended", later).text
    )
    assert "missed 0" in place.ask("my_attendance", now=later).text
    assert "right now" not in place.ask("my_next_session", now=datetime(2026, 11, 24, 19, 0, tzinfo=LOCAL)).text


def test_where_all_that_is_to_come_is_cancelled_no_date_is_named_as_the_last_one(place):
    with place.record.writing() as connection:
        late = select(session.c.id).where(session.c.number > 14)
        connection.execute(delete(session).where(session.c.id.in_(late.scalar_subquery())))
    place.cancel(13)
    place.cancel(14)
    said = place.ask("my_next_session").text
    assert "Session 14 on Tuesday 1 December, 6pm to 8pm, is cancelled: do not come." in said
    assert "No other date is in your record yet." in said
    assert "are over" not in said


def test_nobody_reports_an_absence_from_a_cancelled_session(place):
    place.cancel(13)
    assert "is cancelled: do not come" in place.ask("report_absence", "i cant come tomorrow").text
    offered = place.ask("report_absence", "i cant come").options
    assert offered[0].startswith("Tuesday 1 December")


def test_a_cancelled_day_among_several_is_said_to_be_cancelled(place):
    place.cancel(13)
    said = place.ask("report_absence", "i cant come on the 24th or the 1st").text
    assert "Session 13 on Tuesday 24 November, 6pm to 8pm, is cancelled: do not come." in said
    assert "You can't come on Tuesday 1 December" in said


def test_who_means_to_come_to_a_cancelled_session_is_told_so(place):
    place.cancel(13)
    said = place.ask("report_absence", "i will be there tomorrow").text
    assert "is cancelled: do not come" in said
    assert "If you come" not in said


@pytest.mark.parametrize(
    ("cancelled", "text", "later"),
    [(True, "did you tell them", 0), (False, "did you tell them about tuesday", 2), (False, "did you tell them", 2)],
)
def test_a_report_is_not_denied_once_its_session_is_cancelled_or_over(place, cancelled, text, later):
    with place.record.writing() as connection:
        repository.report_absence(
            connection, place.participant().enrolments[0].id, place.held(connection, 13).id, "x", NOW
        )
    if cancelled:
        place.cancel(13)
    said = place.ask("report_absence", text, NOW + timedelta(days=later)).text
    assert "noted no absence" not in said
    assert ("is cancelled: do not come" if cancelled else "That is noted") in said


def test_the_screen_lists_it_as_cancelled_and_does_not_colour_its_day(place):
    place.cancel(13)
    shown = my_dates.values(place.participant(), NOW)
    first, second = [one for one in shown["coming"] if not one["is_catch_up"]][:2]
    assert (first["day"], first["cancelled"]) == ("Tuesday 24 November", True)
    assert (second["day"], second["cancelled"]) == ("Tuesday 1 December", False)
    assert (11, 24) not in {(month.first.month, day) for month in shown["months"] for day in month.taken}
    assert next(dot for dot in shown["dots"] if dot.number == 13).words == "Session 13: cancelled"
    assert shown["totals"][SessionState.NOT_HELD] == 1


def test_the_screen_lists_a_catch_up_among_the_dates_and_colours_its_day(place):
    booked = datetime(2026, 11, 26, 10, 0, tzinfo=LOCAL)
    with place.record.writing() as connection:
        held = place.held(connection, 12)
        connection.execute(delete(catch_up).where(catch_up.c.session_id == held.id))
        own = {"enrolment_id": place.participant().enrolments[0].id, "session_id": held.id, "venue": "Room 9"}
        times = {"starts_at": booked, "ends_at": booked + timedelta(hours=2)}
        connection.execute(insert(catch_up).values(**own, **times, outcome=None))
    shown = my_dates.values(place.participant(), NOW)
    session, found, later = shown["coming"][:3]
    assert (session["day"], session["is_catch_up"]) == ("Tuesday 24 November", False)
    assert (found["day"], found["venue"], found["number"]) == ("Thursday 26 November", "Room 9", 12)
    assert (found["is_catch_up"], found["cancelled"]) == (True, False)
    assert later["day"] == "Tuesday 1 December"
    assert 26 in shown["months"][0].taken
    after = my_dates.values(place.participant(), booked + timedelta(hours=3))
    assert not any(one["is_catch_up"] for one in after["coming"])


# Calendars


def by_day(events):
    return {event["DTSTART"].dt.date(): event for event in events}


def test_a_moved_session_keeps_its_entry(place):
    before = by_day(place.dates())[date(2026, 12, 1)]
    place.move(14, 1)
    after = by_day(place.dates())
    assert date(2026, 12, 1) not in after
    assert after[date(2026, 12, 2)]["UID"] == before["UID"]
    assert (before["SEQUENCE"], after[date(2026, 12, 2)]["SEQUENCE"]) == (0, 1)
    place.move(14, 1)
    assert by_day(place.dates())[date(2026, 12, 3)]["SEQUENCE"] == 2


def test_what_has_not_changed_keeps_its_number(place):
    first, second = place.dates(), place.dates()
    assert [(e["UID"], e["SEQUENCE"]) for e in first] == [(e["UID"], e["SEQUENCE"]) for e in second]
    assert len({event["UID"] for event in first}) == len(first)


def test_a_cancelled_session_is_cancelled_in_the_calendar_and_comes_back_when_it_is_moved(place):
    before = by_day(place.dates())[date(2026, 12, 1)]
    place.cancel(14)
    cancelled = by_day(place.dates())[date(2026, 12, 1)]
    assert (cancelled["UID"], cancelled["STATUS"], cancelled["SEQUENCE"]) == (before["UID"], "CANCELLED", 1)
    place.move(14, 2)
    back = by_day(place.dates())[date(2026, 12, 3)]
    assert (back["UID"], back["STATUS"], back["SEQUENCE"]) == (before["UID"], "CONFIRMED", 2)


def test_the_file_is_published_and_names_nothing(place):
    place.cancel(14)
    file = place.ask("my_schedule").calendar.content
    assert Calendar.from_ical(file)["METHOD"] == "PUBLISH"
    assert "session" not in file.lower()


def test_a_catch_up_that_is_booked_anew_moves_and_one_taken_back_is_cancelled(place):
    booked = datetime(2026, 11, 26, 10, 0, tzinfo=LOCAL)

    def book(starts_at):
        held = place.held(connection, 12)
        connection.execute(delete(catch_up).where(catch_up.c.session_id == held.id))
        if starts_at:
            own = {"enrolment_id": place.participant().enrolments[0].id, "session_id": held.id}
            times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
            connection.execute(insert(catch_up).values(**own, **times, venue=None, outcome=None))

    with place.record.writing() as connection:
        book(booked)
    first = next(e for e in place.dates() if e["DTSTART"].dt == booked)
    with place.record.writing() as connection:
        book(booked + timedelta(days=1))
    second = next(e for e in place.dates() if e["DTSTART"].dt == booked + timedelta(days=1))
    assert (second["UID"], second["SEQUENCE"], second["STATUS"]) == (first["UID"], 1, "CONFIRMED")
    with place.record.writing() as connection:
        book(None)
    third = next(e for e in place.dates() if e["UID"] == first["UID"])
    assert (third["SEQUENCE"], third["STATUS"]) == (2, "CANCELLED")


def test_an_appointment_that_an_import_writes_anew_keeps_its_entry(place):
    starts_at = datetime(2026, 11, 26, 14, 30, tzinfo=LOCAL)
    first = next(e for e in place.dates() if e["DTSTART"].dt == starts_at)
    with place.record.writing() as connection:
        row = connection.execute(select(appointment).where(appointment.c.starts_at == starts_at)).one()
        connection.execute(delete(appointment).where(appointment.c.id == row.id))
        moved = {"starts_at": row.starts_at + timedelta(days=1), "ends_at": row.ends_at + timedelta(days=1)}
        kept = {"participant_id": row.participant_id, "kind": row.kind, "venue": row.venue}
        connection.execute(insert(appointment).values(**kept, **moved))
    second = next(e for e in place.dates() if e["DTSTART"].dt == starts_at + timedelta(days=1))
    assert (second["UID"], second["SEQUENCE"]) == (first["UID"], 1)


def test_what_has_begun_is_not_cancelled(place):
    place.dates()
    during = datetime(2026, 11, 24, 19, 0, tzinfo=LOCAL)
    assert date(2026, 11, 24) not in by_day(place.dates(now=during))
    with place.record.writing() as connection:
        connection.execute(update(session).where(session.c.number == 14).values(venue="Room 7"))
    assert all(event["STATUS"] == "CONFIRMED" for event in place.dates(now=during))
