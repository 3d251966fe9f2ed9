"""Dates as people write them, and as they are said back."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records.participants.participant_record import LOCAL
from bot.replies import calendar_files
from bot.replies import when as words
from bot.text.dates import Days, when
from bot.text.normalise import shared

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def read():
    normalise = shared()
    return lambda text, today=MONDAY: when(normalise(text), today)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("is it on 2moro", "2026-11-24"),
        ("what about tomorrow?", "2026-11-24"),
        ("am I in today", "2026-11-23"),
        ("day after tomorrow", "2026-11-25"),
        ("what time on Thursday?", "2026-11-26"),
        ("can't come thurs", "2026-11-26"),
        ("wednsday ok?", "2026-11-25"),
        ("is there one this friday", "2026-11-27"),
        ("next tues", "2026-12-01"),
        ("I missed last tuesday", "2026-11-17"),
        ("is there one on the 14th?", "2026-12-14"),
        ("14/12", "2026-12-14"),
        ("14/12/26", "2026-12-14"),
        ("14/12/2026", "2026-12-14"),
        ("2026-12-14", "2026-12-14"),
        ("the 3rd of December", "2026-12-03"),
        ("december 3rd", "2026-12-03"),
        ("3 dec", "2026-12-03"),
        ("what about 5 january", "2027-01-05"),
        ("2 nov", "2026-11-02"),
        ("Wednesday 2nd December", "2026-12-02"),
        ("thursday next week", "2026-12-03"),
        ("a week on thursday", "2026-12-03"),
        ("monday week", "2026-11-30"),
        ("26th november 2027", "2027-11-26"),
        ("january 3 2026", "2026-01-03"),
        ("is there one on 26.11?", "2026-11-26"),
        ("26-11-2026", "2026-11-26"),
    ],
)
def test_a_day(read, text, day):
    day = date.fromisoformat(day)
    assert read(text).days == Days(day, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("what about next week?", "2026-11-30", "2026-12-06"),
        ("anything this week", "2026-11-23", "2026-11-29"),
        ("this weekend", "2026-11-28", "2026-11-29"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("in two weeks", "2026-12-07", "2026-12-13"),
        ("the week after next", "2026-12-07", "2026-12-13"),
        ("in a fortnight", "2026-12-07", "2026-12-13"),
        ("anything in december", "2026-12-01", "2026-12-31"),
        ("and in january", "2027-01-01", "2027-01-31"),
    ],
)
def test_several_days(read, text, first, last):
    assert read(text).days == Days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["when is session 12", "the 12th session", "session number 12", "session no 12"])
def test_the_number_of_a_session(read, text):
    assert read(text).session == 12


@pytest.mark.parametrize("text", ["31/2", "when is it", "what if I miss 2", "30 february", "99/99"])
def test_what_is_no_date_is_none(read, text):
    assert read(text).days is None


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_whole_date_means_itself_whenever_it_is_read(day, today):
    for value in (day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert when(value, today).days == Days(day, day)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(range(7)))
def test_a_weekday_is_the_coming_one(today, number):
    name = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[number]
    found = when(name, today).days.first
    assert found.weekday() == number
    assert today <= found < today + timedelta(days=7)
    later = when(f"next {name}", today).days.first
    assert later.weekday() == number
    assert today < later < today + timedelta(days=14)
    assert when(f"last {name}", today).days.first < today


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 31))
def test_an_ordinal_is_the_next_day_of_that_number(today, number):
    found = when(f"{number}th", today).days.first
    assert found.day == number
    assert today <= found < today + timedelta(days=93)


@given(st.text(max_size=30), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_no_text_raises(text, today):
    when(text, today)


# As they are said


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def test_days_and_times_as_people_say_them():
    now = local("2026-11-23T09:00")
    assert words.day(local("2026-11-24T18:00"), now) == "Tuesday 24 November"
    assert words.day(local("2028-01-04T18:00"), now) == "Tuesday 4 January 2028"
    assert words.times(local("2026-11-24T18:00"), local("2026-11-24T20:00")) == "6pm to 8pm"
    assert words.times(local("2026-11-24T10:30"), local("2026-11-24T12:00")) == "10.30am to midday"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"])
def test_six_in_the_evening_stays_six_over_a_clock_change(day):
    assert words.clock(local(f"{day}T18:00").astimezone(words.LOCAL)) == "6pm"


def test_a_calendar_file_says_nothing_about_what_it_is_for():
    entry = calendar_files.CalendarEvent("uid", 0, local("2026-11-24T18:00"), local("2026-11-24T20:00"), "Room 2")
    file = calendar_files.ics([entry], local("2026-11-23T09:00"))
    assert "SUMMARY:Appointment" in file
    assert "session" not in file.lower()
    assert "leafline" not in file.lower()
