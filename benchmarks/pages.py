"""Measures the server's time for each page of staff with about 1,000 participants: `python -m benchmarks.pages`.

84 groups of 12, 35 sessions each, 19 of them with outcomes, in an SQLite file of its own; 3,000 questions that were not
answered in 600 groups of like ones, and eight weeks of what was asked on three channels. No network, no browser: from
the request to the whole response, in one process, the median of RUNS.
"""

import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy.engine import Connection
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.database.engine import Database, open_database
from bot.database.keyring import new_key
from bot.database.migrate import migrate
from bot.records import offices
from bot.records.attendance.tables import attendance
from bot.records.enums import Role
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions import programmes
from bot.records.sessions.tables import block, programme_group, session
from bot.records.staff import members
from bot.replies import wording
from bot.review import clustering, weeks
from bot.review.tables import question, question_stat
from bot.settings import Settings
from bot.training import proposals
from bot.web.frontend.environment import environment
from bot.web.staff.app import StaffApp
from bot.web.staff.routes import routes

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GROUPS, PEOPLE, SESSIONS, HELD = 84, 12, 35, 19
QUESTIONS, ALIKE, CHANNELS = 3_000, 600, ("sms", "telegram", "screen")
RUNS = 15
OFFICE, EMAIL, PASSWORD = "Example office", "sam@example.org", "an invented password"


def main() -> None:
    """Fill a record, and print a table."""
    with TemporaryDirectory() as folder:
        record = open_database(f"sqlite:///{Path(folder) / 'record.db'}", new_key(), print)
        migrate(record)
        with record.writing() as connection:
            _fill(connection)
        client = _signed_in(record)
        print(f"{GROUPS * PEOPLE:,} participants in {GROUPS} groups of one office")
        for path in _paths():
            print(f"{_median(client, path):6.0f} ms  {path}")
        record.engine.dispose()


def _fill(connection: Connection) -> None:
    office, programme = offices.ensure(connection, OFFICE), programmes.ensure(connection, "isotp").id
    members.add(connection, "Sam Invented", EMAIL, Role.ADMINISTRATOR, PASSWORD, OFFICE, "benchmark", NOW)

    def insert(table: object, **values: object) -> int:
        return int(connection.execute(table.insert().values(**values)).inserted_primary_key[0])  # type: ignore[attr-defined]

    for number in range(GROUPS):
        place = {"programme_id": programme, "office_id": office, "option": "day", "venue": "Room"}
        group = insert(programme_group, name=f"Group {number:02}", **place)
        first = insert(block, group_id=group, name="Block 1")
        own = []
        for n in range(SESSIONS):
            starts_at = NOW + timedelta(days=7 * (n - HELD - 1) + number % 5, hours=number % 6)
            times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
            own.append(insert(session, group_id=group, block_id=first, number=n + 1, **times))
        for n in range(PEOPLE):
            reference = f"X{number * PEOPLE + n:04}"
            names = {"reference": reference, "reference_hash": reference, "preferred_name": f"Invented {reference}"}
            person = insert(participant, **names)
            place_of = insert(enrolment, participant_id=person, group_id=group, status="active")
            outcomes = ["UAAB" if (n + i) % 9 == 0 else "ATTC" for i in range(HELD)]
            rows = [
                {"enrolment_id": place_of, "session_id": held, "outcome": outcome}
                for held, outcome in zip(own, outcomes, strict=False)
            ]
            connection.execute(attendance.insert(), rows)
    _fill_questions(connection)


def _fill_questions(connection: Connection) -> None:
    mondays = weeks.last(8, NOW)
    kept = [
        {
            "at": NOW - timedelta(days=n % 29),
            "week": weeks.monday(NOW - timedelta(days=n % 29)),
            "channel": CHANNELS[n % 3],
            "why": "not_understood",
            "text": f"an invented question that nobody could answer, in a way of saying it called {n}",
            "vector": clustering.to_text(np.ones(384, np.float32)),
            "cluster_id": n % ALIKE + 1,
        }
        for n in range(QUESTIONS)
    ]
    connection.execute(question.insert(), kept)
    topics = wording.load("isotp", "en").topics()[:56]
    counts = [
        {"week": week, "channel": channel, "topic": topic, "outcome": "answered", "times": 3 + n % 40}
        for week in mondays
        for channel in CHANNELS
        for n, topic in enumerate(topics)
    ]
    connection.execute(question_stat.insert(), counts)
    for n in range(60):
        id_ = proposals.propose(
            connection, "breaks", [f"an invented question {n} {i}" for i in range(5)], [], "staff:2", NOW
        )
        if n % 2:
            proposals.approve(connection, id_, "staff:3", NOW)


def _signed_in(record: Database) -> TestClient:
    staff_site = StaffApp(record, Settings(), environment(), lambda: NOW, wording.load("isotp", "en"))
    client = TestClient(Starlette(routes=routes(staff_site)), follow_redirects=False)
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/staff/sign-in").text)
    assert token is not None
    form = {"email": EMAIL, "password": PASSWORD, "form_token": token[1]}
    assert client.post("/staff/sign-in", data=form).status_code == 303
    return client


def _paths() -> list[str]:
    people = ["/staff/participants", "/staff/participants?sort=missed&page=5", "/staff/participants/30"]
    groups = ["/staff/groups", "/staff/groups/1", "/staff/sessions/20/register", "/staff/sessions/21/move"]
    asked_ = ["questions", "questions?page=20", "questions?why=not_understood", "questions/2950", "questions/proposals"]
    others = ["audit", *asked_, "figures", "figures/topics.csv", "ask", "alerts", "absences"]
    return ["/staff", *people, *groups, *(f"/staff/{name}" for name in others)]


def _median(client: TestClient, path: str) -> float:
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        response = client.get(path)
        times.append(1000 * (time.perf_counter() - started))
        assert response.status_code == 200, (path, response.status_code)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
