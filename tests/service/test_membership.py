"""Which sessions are a person's: their own record and the pages of staff give the same answer, whatever happened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.records import offices
from bot.records.attendance import register
from bot.records.attendance.tables import attendance, catch_up
from bot.records.enums import Outcome, Role, Status
from bot.records.participants import directory, repository
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions import planning, programmes, timetable
from bot.records.sessions.tables import block, programme_group, session
from bot.records.staff import scope
from bot.records.staff.members import Member
from bot.records.staff.scope import NotInScopeError
from bot.web.kiosk import attendance_picture
from tests.support.records import TEST_KEY

FIRST = date(2026, 11, 2)
WEEKS = 6
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GROUPS, PEOPLE = 3, 4

days = st.one_of(st.none(), st.integers(-3, 7 * WEEKS + 3).map(lambda n: FIRST + timedelta(days=n)))
enrolments = st.dictionaries(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, GROUPS - 1)),
    st.tuples(st.sampled_from(Status), days, days),
    min_size=1,
    max_size=8,
)
"""By person and group: a transfer is a person who has left one group and is in another."""
places = st.tuples(st.integers(0, GROUPS * WEEKS - 1), st.integers(0, PEOPLE - 1))
outcomes = st.dictionaries(places, st.sampled_from(Outcome), max_size=12)
booked = st.sets(places, max_size=6)
cancelled = st.sets(st.integers(0, GROUPS * WEEKS - 1), max_size=4)
moments = st.integers(-2, 7 * WEEKS + 2).map(lambda n: datetime(2026, 11, 2, 12, tzinfo=UTC) + timedelta(days=n))


class _UndoneError(Exception):
    """Ends a transaction without keeping it: the next example starts with an empty record."""


@pytest.fixture(scope="module")
def run_undone(tmp_path_factory):
    """Return a way to run a check in a transaction that is undone."""
    from bot.database.engine import open_database
    from bot.database.migrate import migrate

    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('membership')}/record.db", TEST_KEY, print)
    migrate(opened)

    def run(check):
        with pytest.raises(_UndoneError), opened.writing() as connection:
            check(connection)
            raise _UndoneError

    yield run
    opened.close()


class Generated:
    """A record of groups of two offices, made from what hypothesis draws."""

    def __init__(self, connection, enrolled, recorded, booked, cancelled):
        self.connection, self.blocks, self.enrolments = connection, {}, {}
        self.users = [
            Member(n, "Invented", Role.MANAGER, offices.ensure(connection, f"Office {n}"), "") for n in (1, 2)
        ]
        self.people = [self._person(n) for n in range(PEOPLE)]
        self.groups = [self._group(n) for n in range(GROUPS)]
        self.sessions = [self._session(group, week) for group in self.groups for week in range(WEEKS)]
        for (person, group), (status, first, last) in enrolled.items():
            row = {"participant_id": self.people[person], "group_id": self.groups[group], "status": status.value}
            self.enrolments[person, group] = self._insert(enrolment, **row, from_date=first, to_date=last)
        for number, person in sorted(booked):
            self._book(number, person)
        for number in sorted(cancelled):
            planning.cancel(connection, self.scheduled(self.sessions[number]), self.users[0], NOW)
        for (number, person), outcome in recorded.items():
            self._record(number, person, outcome)

    def _insert(self, table, **row):
        return self.connection.execute(insert(table).values(**row)).inserted_primary_key[0]

    def _person(self, number):
        reference = f"X{number}"
        return self._insert(participant, reference=reference, reference_hash=reference, preferred_name=f"P{number}")

    def _group(self, number):
        programme = programmes.ensure(self.connection, "isotp").id
        office = self.users[number % 2].office_id
        row = {"programme_id": programme, "office_id": office, "option": "evening", "venue": "Room 1"}
        group = self._insert(programme_group, name=f"G{number}", **row)
        self.blocks[group] = self._insert(block, group_id=group, name="Block 1")
        return group

    def _session(self, group, week):
        starts = datetime(2026, 11, 2, 18, tzinfo=UTC) + timedelta(days=7 * week)
        row = {"group_id": group, "block_id": self.blocks[group], "number": week + 1}
        return self._insert(session, **row, starts_at=starts, ends_at=starts + timedelta(hours=2))

    def scheduled(self, session_id):
        return timetable.scheduled_session(self.connection, session_id)

    def _book(self, number, person):
        """Book a catch-up, also where the session is outside of the person's time in the group."""
        id_, starts = self.sessions[number], datetime(2026, 11, 4, 18, tzinfo=UTC)
        times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}
        if enrolment_id := self.enrolments.get((person, number // WEEKS)):
            self._insert(catch_up, enrolment_id=enrolment_id, session_id=id_, **times)

    def _record(self, number, person, outcome):
        """Record an outcome in the same way, in place of a cancellation."""
        id_ = self.sessions[number]
        if enrolment_id := self.enrolments.get((person, number // WEEKS)):
            own = (attendance.c.enrolment_id == enrolment_id) & (attendance.c.session_id == id_)
            self.connection.execute(delete(attendance).where(own))
            self._insert(attendance, enrolment_id=enrolment_id, session_id=id_, outcome=outcome.value)


@settings(max_examples=60, deadline=None)
@given(enrolments, outcomes, booked, cancelled, moments)
def test_the_own_record_and_the_pages_of_staff_agree_on_whose_a_session_is(
    run_undone, enrolled, recorded, booked, cancelled, now
):
    def check(connection):
        made = Generated(connection, enrolled, recorded, booked, cancelled)
        records = {id_: repository.load_participant(connection, id_) for id_ in made.people}
        own = {
            (session.id, id_): session
            for id_, record in records.items()
            for enrolment in record.enrolments
            for session in enrolment.visible_sessions(now)
        }
        for user in made.users:
            _agrees_with_staff(connection, made, user, own, records, now)
        for record in records.values():
            _agrees_with_the_kiosk(record, own, now)

    run_undone(check)


def _agrees_with_staff(connection, made, user, own, records, now):
    seen = {}
    for group, session_ids in zip(made.groups, _in_groups(made.sessions), strict=True):
        try:
            scope.group_in_scope(connection, user, group)
        except NotInScopeError:
            assert not any(_is_in_scope(connection, user, id_) for id_ in session_ids)
            continue
        counted = {scheduled.id: scheduled for scheduled in timetable.of_group(connection, group, now)}
        for id_ in session_ids:
            assert _is_in_scope(connection, user, id_)
            entries = register.entries(connection, made.scheduled(id_), now)
            theirs = {(id_, entry.participant_id): entry.outcome for entry in entries}
            assert theirs == {key: session.outcome for key, session in own.items() if key[0] == id_}
            assert counted[id_].people == len(entries)
            assert counted[id_].to_be_confirmed == sum(entry.outcome is None for entry in entries)
            assert counted[id_].cancelled == register.is_cancelled(entries)
            seen |= theirs
    in_scope = {id_ for id_, record in records.items() if _is_person_in_scope(connection, user, id_)}
    shown = {
        (session.id, id_)
        for id_ in in_scope
        for enrolment in directory.load_participant(connection, user, id_).enrolments
        for session in enrolment.visible_sessions(now)
    }
    assert shown == seen.keys()


def _agrees_with_the_kiosk(record, own, now):
    visible = {session.number for e in record.current_enrolments(now) for session in e.visible_sessions(now)}
    known = {session.id for e in record.enrolments for session in e.visible_sessions(now)}
    assert known == {id_ for id_, person in own if person == record.participant_id}
    dots = attendance_picture.dots(record, record.current_enrolments(now), now)
    assert visible <= {dot.number for dot in dots}
    for e in record.enrolments:
        listed = [*e.past_sessions(now), *e.upcoming_sessions(now), *e.cancelled_sessions(now)]
        current = e.current_session(now)
        assert {s.id for s in [*listed, *([current] if current else [])]} <= {s.id for s in e.visible_sessions(now)}


def _in_groups(sessions):
    return [sessions[at : at + WEEKS] for at in range(0, len(sessions), WEEKS)]


def _is_in_scope(connection, user, session_id):
    try:
        return scope.session_in_scope(connection, user, session_id) == session_id
    except NotInScopeError:
        return False


def _is_person_in_scope(connection, user, id_):
    try:
        return scope.participant_in_scope(connection, user, id_) == id_
    except NotInScopeError:
        return False
