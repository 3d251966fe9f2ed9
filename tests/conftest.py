"""What several tests share: the bot, loaded once, and what to do where a component is missing."""

import asyncio
import os
import shutil
import socket
import threading
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import logs
from bot.messages import Address

logs.configure()

RECORD = Path(__file__).parent / "record"
TEST_KEY = "bm90LWEtc2VjcmV0LWJ1dC1sb25nLWVub3VnaC0wMDE="
"""What the tests' records are encrypted with."""


class Loop:
    """An event loop in a thread of its own: a browser's own loop may occupy the tests' thread."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine, seconds=200):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@pytest.fixture(scope="session")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session", autouse=True)
def _no_record_in_the_project(tmp_path_factory):
    """Keep the commands that tests start from making a database beside the code."""
    os.environ["DATABASE_URL"] = f"sqlite:///{tmp_path_factory.mktemp('commands')}/record.db"


@pytest.fixture(scope="session")
def record_settings(tmp_path_factory):
    """Settings with a record of their own, in a SQLite file that no other run has."""
    from bot.settings import Settings

    return Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('record')}/record.db")


@pytest.fixture(scope="session")
def record(record_settings):
    """The record of the bot: the people of tests/record/."""
    from bot import bootstrap

    opened = bootstrap.database(record_settings)
    done = imported(opened, RECORD)
    assert done.problems.found == []
    _SHARED.append(opened)
    return opened


_SHARED = []
"""The record of all tests that share one, once it is made."""


@pytest.fixture(scope="module", autouse=True)
def _no_absences_of_other_files():
    """Begin each file with no absence reported: which files came before depends on the process that runs them."""
    if _SHARED:
        from bot.records.attendance.tables import absence_report

        with _SHARED[0].writing() as connection:
            connection.execute(absence_report.delete())


@pytest.fixture(scope="session")
def bot(record_settings, record):
    from bot import bootstrap

    return bootstrap.conversation(record_settings, record)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_record(request, tmp_path):
    """An empty record of its own, on each kind of database."""
    from bot.database.engine import open_database
    from bot.database.migrate import migrate

    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path}/record.db", TEST_KEY, print)
        migrate(opened)
        yield opened
        opened.engine.dispose()
        return
    with postgresql_database() as url:
        opened = open_database(url, TEST_KEY, print)
        migrate(opened)
        yield opened
        opened.engine.dispose()


@contextmanager
def postgresql_database():
    """Make a database with a name of its own, and drop it afterwards."""
    import psycopg2
    from sqlalchemy.engine import make_url

    server = make_url(os.environ.get("LEAFLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"))
    name = f"leafline_{uuid.uuid4().hex[:12]}"

    def administer(statement):
        connection = psycopg2.connect(server.render_as_string(hide_password=False), connect_timeout=5)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    try:
        administer(f"CREATE DATABASE {name}")
    except psycopg2.OperationalError:
        needs("a PostgreSQL server (LEAFLINE_TEST_POSTGRESQL)", None)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


def imported(record, folder):
    """Import ``folder``; nothing is kept where there was a problem."""
    from bot.records.importing.load import Import
    from bot.records.sessions import programmes

    class RolledBackError(Exception):
        pass

    done = None
    try:
        with record.writing() as connection:
            done = Import(connection, folder, programmes.ensure(connection, "isotp"), lambda _: None).run()
            if done.problems.count:
                raise RolledBackError
    except RolledBackError:
        pass
    return done


@pytest.fixture
def ask(bot, loop):
    """Send texts one after the other in a conversation of their own; returns the last answer."""
    from uuid import uuid4

    from bot.messages import InboundMessage, ReplyFormat

    def send(*texts, rendering=ReplyFormat.SCREEN, conversation=None):
        name = conversation or uuid4().hex
        answers = [loop.run(bot.handle(InboundMessage(Address.parse(name), text, rendering))) for text in texts]
        return answers[-1]

    return send


def needs(component, path):
    """Skip where ``component`` is missing; fail instead where everything has to be there."""
    if path:
        return path
    if os.environ.get("LEAFLINE_TEST_ALL"):
        pytest.fail(f"{component} is missing, and LEAFLINE_TEST_ALL asks for every test")
    pytest.skip(f"{component} is not installed")


@pytest.fixture(scope="session")
def chromium():
    return needs("Chromium", shutil.which("chromium") or shutil.which("chromium-browser"))


@pytest.fixture(scope="module")
def browser(chromium):
    """One browser for a module: Playwright occupies the thread's event loop for as long as it runs."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@contextmanager
def listening(application, trusted_proxies=()):
    """Serve ``application`` on a free port, in a thread of its own; give its address."""
    from bot.web.server import server

    socket_ = socket.create_server(("127.0.0.1", 0))
    serving = server(application, trusted_proxies)
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve([socket_])), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{socket_.getsockname()[1]}"
    serving.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def unsure(bot, loop):
    """A message that the bot asks back about, found among short ones rather than assumed."""
    from bot.messages import InboundMessage

    for text in (
        "sessions",
        "time",
        "officer",
        "how long",
        "weeks",
        "group",
        "the staff",
        "thrown off",
        "report",
        "meeting",
        "forms",
    ):
        answer = loop.run(bot.handle(InboundMessage(Address.parse(f"unsure {text}"), text)))
        if len(answer.suggestions) >= 2:
            return text
    pytest.fail("no short message left the bot unsure: choose others")


@pytest.fixture(scope="session")
def staffed_template(tmp_path_factory):
    """A SQLite record with the people of tests/record/ and a member of staff of each role: copied for each test."""
    from staff_desk import NOW, PEOPLE, add_members

    from bot.database.engine import open_database
    from bot.database.migrate import migrate

    file = tmp_path_factory.mktemp("staffed") / "record.db"
    opened = open_database(f"sqlite:///{file}", TEST_KEY, print)
    migrate(opened)
    assert imported(opened, RECORD).problems.found == []
    add_members(opened, PEOPLE, NOW)
    opened.engine.dispose()
    return file


@pytest.fixture
def desk(staffed_template, tmp_path):
    """The pages of staff over a record of their own, at a moment that stands still."""
    from staff_desk import Served

    from bot.database.engine import open_database

    shutil.copy(staffed_template, tmp_path / "record.db")
    opened = open_database(f"sqlite:///{tmp_path}/record.db", TEST_KEY, print)
    yield Served(opened)
    opened.engine.dispose()
