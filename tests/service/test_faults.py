"""A part that hangs harms only itself: the provider, the database, one answer, one row."""

import asyncio
import resource
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from notifications_python_client.notifications import NotificationsAPIClient
from sqlalchemy import delete, select, update
from sqlalchemy.engine import make_url

from bot.alerts.alert_journal import AlertJournal, PendingAlert
from bot.alerts.tables import alert
from bot.conversation.tables import conversation_state
from bot.database import instances, postgresql
from bot.database.engine import Database, DatabaseError, open_database
from bot.database.keyring import Keyring, KeyringError, new_key
from bot.database.migrate import migrate
from bot.database.patience import Patience
from bot.database.unit_of_work import ChangedError, UnitOfWork
from bot.messages import Address, AddressKind, Arrival, InboundMessage, OutboundMessage, ReplyFormat
from bot.messaging import failed_messages, inbox, outbox, throttle
from bot.messaging.channels.notify import Notify
from bot.messaging.sender import Sender
from bot.messaging.tables import inbox as inbox_table
from bot.messaging.tables import outbox as outbox_table
from bot.messaging.worker import ChannelConfig, Worker
from bot.messaging.worker_pool import WorkerPool
from bot.records.access import identities
from bot.records.access.identities import UNKNOWN
from bot.records.access.tables import opt_out
from bot.retention import key_rotation
from bot.web.kiosk.sessions import KioskSessions
from bot.web.kiosk.visits import Visits
from tests.support.components import postgresql_database
from tests.support.faults import proxy, silent_server, write_lock
from tests.support.gateways import KEY
from tests.support.mailbox import ADA, BEN, ROUTES, Clock, Echo, Provider, send, states, store, work
from tests.support.mailbox_service import RealDanger, serving
from tests.support.records import RECORD, TEST_KEY, imported


class Held(RealDanger):
    """A bot whose answer to "hang" comes only when it is let go: awaited, or blocking its thread."""

    def __init__(self, *, blocks):
        super().__init__()
        self._blocks = blocks
        self.let_go = threading.Event()
        self.begun = threading.Event()

    async def answer(self, message, unit):
        if "hang" in message.text:
            self.begun.set()
            if self._blocks:
                self.let_go.wait(60)
            else:
                while not self.let_go.is_set():
                    await asyncio.sleep(0.02)
        return await super().answer(message, unit)


def until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


# One answer


@pytest.mark.parametrize("blocks", [True, False])
def test_an_answer_that_hangs_or_blocks_delays_nobody_else(empty_record, tmp_path, blocks):
    bot = Held(blocks=blocks)
    with serving(empty_record, tmp_path / "spool", bot) as served:
        assert served.kannel(ADA, "hang", "1").status_code == 200
        assert bot.begun.wait(10)
        assert served.kannel(BEN, "i am in danger", "2").status_code == 200
        assert served.notify("+447700900003", "hello", "3").status_code == 200
        until(lambda: len(served.sent) == 2)
        screen = served.client.portal.call(
            served.service.handle_web_message, InboundMessage(Address.parse("screen:a"), "hello")
        )
        assert screen.replies[0].text == "1: hello"
        assert ADA not in served.sent
        bot.let_go.set()
        until(lambda: served.sent[ADA])
    assert served.sent[BEN] == ["help is here"]
    assert served.sent[ADA] == ["1: hang"], "it is answered once, when it comes to that"


@pytest.mark.parametrize("blocks", [True, False])
def test_an_answer_at_a_screen_that_hangs_delays_no_other_screen(empty_record, tmp_path, blocks):
    bot = Held(blocks=blocks)
    with serving(empty_record, tmp_path / "spool", bot) as served:
        ask = served.client.portal.call
        hanging = [
            threading.Thread(
                target=ask,
                args=(served.service.handle_web_message, InboundMessage(Address.parse(f"screen:{n}"), "hang")),
                daemon=True,
            )
            for n in range(3)
        ]
        for thread in hanging:
            thread.start()
        assert bot.begun.wait(10)
        danger = ask(served.service.handle_web_message, InboundMessage(Address.parse("screen:b"), "i am in danger"))
        assert danger.replies[0].text == "help is here"
        assert served.kannel(ADA, "hello", "1").status_code == 200
        served.wait(1)
        bot.let_go.set()
        for thread in hanging:
            thread.join(10)


def test_a_question_at_a_screen_is_looked_at_for_a_danger_off_the_event_loop(empty_record, tmp_path):
    """A long text takes a while to be looked at, and the loop serves everybody."""
    bot, seen = Held(blocks=False), []
    looked_at = bot.safety_response
    bot.safety_response = lambda message: seen.append(threading.get_ident()) or looked_at(message)
    with serving(empty_record, tmp_path / "spool", bot) as served:
        call = served.client.portal.call
        of_the_loop = call(threading.get_ident)
        assert call(served.service.in_danger, InboundMessage(Address.parse("screen:a"), "i am in danger"))
        assert not call(served.service.in_danger, InboundMessage(Address.parse("screen:a"), "hello"))
    assert len(seen) == 2
    assert of_the_loop not in seen


def test_whoever_hangs_still_gets_an_apology_and_the_next_message_works(empty_record, monkeypatch):
    """However long the thread blocks: it is not needed for either."""
    monkeypatch.setattr(inbox, "LEASE", inbox.LEASE * 0)
    clock, bot = Clock(), Held(blocks=True)
    store(empty_record, clock, "hang", "next")
    pool = WorkerPool(Worker(empty_record, bot, ROUTES, clock, lambda: None), relief_seconds=0.1)
    pool.start()
    try:
        until(lambda: states(empty_record, inbox_table) == ["set_aside", "done"])
    finally:
        bot.let_go.set()
        pool.stop()
    time.sleep(0.3)
    assert texts(empty_record) == ["sorry", "1: next"], "what comes too late is not said"


def test_danger_does_not_wait_behind_the_same_persons_message_that_hangs(empty_record, tmp_path):
    bot = Held(blocks=True)
    with serving(empty_record, tmp_path / "spool", bot) as served:
        served.kannel(ADA, "hang", "1")
        assert bot.begun.wait(10)
        served.kannel(ADA, "i am in danger", "2")
        until(lambda: served.sent[ADA])
        assert served.sent[ADA] == ["help is here"]
        bot.let_go.set()


def test_danger_is_answered_before_all_who_wrote_earlier(empty_record):
    clock, bot = Clock(), RealDanger()
    for number in range(5):
        store(empty_record, clock, "hello", address=f"+44770090010{number}")
    with empty_record.writing() as connection:
        inbox.store(connection, Arrival("kannel", "d", Address.on("kannel", ADA), "danger"), clock(), urgent=True)
    work(Worker(empty_record, bot, ROUTES, clock, lambda: None))
    assert texts(empty_record)[0] == "help is here"


def texts(record):
    with record.reading() as connection:
        rows = connection.execute(select(outbox_table.c.content).order_by(outbox_table.c.id)).scalars()
        return [OutboundMessage.from_json(content).text for content in rows]


class Stopping(Echo):
    """A bot that stops messages to whoever says so, as the real one does: with a write of its own."""

    def __init__(self):
        super().__init__()
        self.found, self.failed = [], False

    async def answer(self, message, unit):
        answer = await super().answer(message, unit)
        if "stop" in message.text:
            self.found.append(await unit.read(lambda c: identities.opted_out(c, message.address)))
            await unit.write(lambda c: identities.stop(c, message.address, Clock().now))
            self.found.append(await unit.read(lambda c: identities.opted_out(c, message.address)))
        if "fail" in message.text and not self.failed:
            self.failed = True
            raise RuntimeError("after the write")
        return answer


def stopped(record):
    with record.reading() as connection:
        return len(connection.execute(select(opt_out.c.id)).all())


def test_what_an_answer_writes_is_kept_with_the_reply_or_not_at_all(empty_record):
    clock, bot = Clock(), Stopping()
    store(empty_record, clock, "stop and fail")
    worker = Worker(empty_record, bot, ROUTES, clock, lambda: None)
    work(worker)
    assert stopped(empty_record) == 0
    clock.now += inbox.LEASE
    work(worker)
    assert stopped(empty_record) == 1
    assert bot.found == [False, True, False, True], "the second try finds nothing of the first"
    assert len(texts(empty_record)) == 1


def test_what_changed_while_a_message_was_answered_is_noticed(empty_record):
    unit = UnitOfWork(empty_record)
    asyncio.run(unit.write(lambda c: identities.start(c, Address.parse(f"sms:{ADA}"), Clock().now)))
    with empty_record.writing() as connection:
        identities.stop(connection, Address.parse(f"sms:{ADA}"), Clock().now)
    with pytest.raises(ChangedError), empty_record.writing() as connection:
        unit.perform(connection)
    assert stopped(empty_record) == 1


# A provider


def test_req_47_a_provider_that_never_answers_delays_nobody(empty_record, tmp_path):
    """Notify's own library, in as many threads as it wants; the database and the other gateways have theirs."""
    with serving(empty_record, tmp_path / "spool", RealDanger()) as served, silent_server() as (url, accepted):
        channel = Notify("template", "bearer", NotificationsAPIClient(KEY, base_url=url, timeout=5))
        served.service._sender._channels["notify"] = channel.send
        for number in range(30):
            assert served.notify(f"+4477009001{number:02d}", "hello", f"{number}").status_code == 200
        until(lambda: len(accepted) >= 20)
        assert served.kannel(ADA, "i am in danger", "1").status_code == 200
        served.wait(1)
        assert served.client.get("/health").status_code == 200
        screen = served.client.portal.call(
            served.service.handle_web_message, InboundMessage(Address.parse("screen:a"), "danger")
        )
        assert screen.alerts
        assert len(accepted) == 20, "nothing of it was over when the others were served"


# The database


@pytest.fixture
def hanging(request, tmp_path):
    """A database of each kind that hangs on demand: ``with`` it, and nobody gets through."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path}/record.db", TEST_KEY, print)
        migrate(database)
        yield database, lambda: write_lock(tmp_path / "record.db")
        return
    with postgresql_database() as url, proxy(make_url(url).port or 5432) as between:
        through = make_url(url).set(port=between.port).render_as_string(hide_password=False)
        database = open_database(through, TEST_KEY, print)
        migrate(database)

        class Silent:
            def __enter__(self):
                between.silent.set()

            def __exit__(self, *_):
                between.silent.clear()

        yield database, Silent
        database.engine.dispose()


@pytest.mark.parametrize("hanging", ["sqlite", "postgresql"], indirect=True)
def test_req_48_while_the_database_hangs_danger_is_answered_and_its_alert_kept(hanging, tmp_path, monkeypatch):
    database, hung = hanging
    monkeypatch.setattr("bot.jobs.DRAIN_SECONDS", 0.2)
    monkeypatch.setattr("bot.runtime.background.STORE_SECONDS", 0.5)
    monkeypatch.setattr("bot.runtime.answer_threads.DANGER_SECONDS", 0.5)
    monkeypatch.setattr("bot.runtime.background.ALERT_SECONDS", 0.5)
    monkeypatch.setattr(postgresql._limit, "silent", 4.0)
    with serving(database, tmp_path / "spool", RealDanger()) as served:
        with hung():
            for number in range(3):
                assert served.kannel(f"+4477009001{number:02d}", "i am in danger", f"{number}").status_code == 503
            assert served.kannel(BEN, "hello", "4").status_code == 503
            screen = served.client.portal.call(
                served.service.handle_web_message, InboundMessage(Address.parse("screen:a"), "danger")
            )
            assert screen.replies[0].text == "help is here"
            assert [served.sent[f"+4477009001{number:02d}"] for number in range(3)] == [["help is here"]] * 3
        until(lambda: len(set(alerts_of(database))) == 4, 60)
        assert served.kannel(BEN, "hello", "4").status_code == 200
        until(lambda: served.sent[BEN], 40)
    assert served.sent[BEN] == ["1: hello"]


def alerts_of(database):
    with database.reading() as connection:
        return connection.execute(select(alert.c.address)).scalars().all()


@pytest.mark.parametrize("hanging", ["postgresql"], indirect=True)
def test_a_read_does_not_wait_for_a_database_that_hangs(hanging, loop):
    database, hung = hanging
    patient = Database(database.engine, database.keyring, Patience(0.5, 0.1))
    with hung():
        for _ in range(3):
            with pytest.raises(DatabaseError, match="in time"):
                loop.run(patient.read(inbox.counts), 5)
    until(lambda: loop.run(_counted(patient)) == {})


async def _counted(database):
    try:
        return await database.read(inbox.counts)
    except DatabaseError:
        return None


@pytest.mark.parametrize("hanging", ["postgresql"], indirect=True)
def test_a_page_of_the_screen_does_not_wait_for_who_is_at_it(hanging, loop):
    """It may hold the answer to somebody in danger, asked without JavaScript."""
    database, hung = hanging
    patient = Database(database.engine, database.keyring, Patience(seconds=60))
    sessions = KioskSessions(patient, None, Visits(), Clock())
    with hung():
        assert loop.run(sessions.extend("token", Clock().now), 10) is UNKNOWN


@pytest.mark.parametrize("hanging", ["postgresql"], indirect=True)
def test_a_connection_over_which_nothing_comes_is_given_up(hanging):
    database, hung = hanging
    with database.reading() as connection:
        inbox.counts(connection)
    with hung(), postgresql.silent_for(0.3), pytest.raises(DatabaseError), database.reading() as connection:
        inbox.counts(connection)


# One row


@pytest.fixture
def tolerant(empty_record):
    """The database as the service opens it."""
    empty_record.go_on_over_unreadable()
    return empty_record


def spoil(record, table, **where):
    """Write over what is encrypted in a row, as a key that is gone or a fault of the disk would."""
    broken = {c.name: b"\x80not-readable" for c in table.columns if type(c.type).__name__ == "Encrypted"}
    with record.engine.begin() as connection:
        change = update(table).values({c: _raw(v) for c, v in broken.items()})
        for name, value in where.items():
            change = change.where(table.c[name] == value)
        assert connection.execute(change).rowcount


def _raw(value):
    from sqlalchemy import LargeBinary, literal

    return literal(value, LargeBinary())


def test_req_49_a_message_that_cannot_be_read_is_set_aside_and_all_others_go_on(tolerant, caplog):
    clock, bot, provider = Clock(), Echo(), Provider()
    store(tolerant, clock, "poison")
    spoil(tolerant, inbox_table)
    store(tolerant, clock, "danger", address=BEN)
    store(tolerant, clock, "next")
    work(Worker(tolerant, bot, ROUTES, clock, lambda: None))
    send(Sender(tolerant, {"kannel": provider.send}, clock))
    assert states(tolerant, inbox_table) == ["set_aside", "done", "done"]
    assert provider.taken == [(BEN, "1: danger"), (ADA, "1: next")]
    assert "cannot be read" in caplog.text


def test_a_reply_that_cannot_be_read_is_given_up_and_all_others_go_out(tolerant):
    clock, provider = Clock(), Provider()
    store(tolerant, clock, "one")
    worker = Worker(tolerant, Echo(), ROUTES, clock, lambda: None)
    work(worker)
    spoil(tolerant, outbox_table)
    store(tolerant, clock, "two")
    store(tolerant, clock, "eins", address=BEN)
    work(worker)
    send(Sender(tolerant, {"kannel": provider.send}, clock))
    assert states(tolerant, outbox_table) == ["failed", "sent", "sent"]


def test_alerts_and_conversations_that_cannot_be_read_hold_up_no_cry_for_help(tolerant):
    clock = Clock()
    worker = Worker(tolerant, Echo(), ROUTES, clock, lambda: None)
    store(tolerant, clock, "danger")
    work(worker)
    spoil(tolerant, alert)
    spoil(tolerant, conversation_state)
    store(tolerant, clock, "danger still")
    store(tolerant, clock, "danger too", address=BEN)
    work(worker)
    assert states(tolerant, inbox_table) == ["done"] * 3
    assert set(alerts_of(tolerant)) == {"(cannot be read)", ADA, BEN}


def test_staff_see_what_could_not_be_read(tolerant):
    clock = Clock()
    store(tolerant, clock, "poison")
    spoil(tolerant, inbox_table)
    work(Worker(tolerant, Echo(), ROUTES, clock, lambda: None))
    with tolerant.reading() as connection:
        found = failed_messages.since(connection, clock() - timedelta(days=1), 10)
    assert [(one.channel, one.answered) for one in found] == [("kannel", False)]


# Too much at once, and tried too often


def flooded(record, clock, *texts, address=ADA, channel="kannel"):
    store(record, clock, *map(str, range(throttle.LIMIT)), *texts, address=address, channel=channel)


def test_req_51_of_somebody_who_writes_too_much_a_stop_counts_and_a_secret_is_blanked(empty_record):
    clock, bot = Clock(), Stopping()
    flooded(empty_record, clock, "stop", "secret 123987", "what else", channel="telegram")
    routes = {"telegram": ChannelConfig(AddressKind.TELEGRAM, ReplyFormat.TELEGRAM, deletes_secrets=True)}
    work(Worker(empty_record, bot, routes, clock, lambda: None))
    assert stopped(empty_record) == 1
    with empty_record.reading() as connection:
        rows = connection.execute(select(inbox_table).order_by(inbox_table.c.id)).all()[throttle.LIMIT :]
        sent = connection.execute(select(outbox_table.c.content).order_by(outbox_table.c.id)).scalars().all()
    assert [(row.state, row.text) for row in rows] == [("done", "stop"), ("done", None), ("throttled", "what else")]
    assert f"id {ADA} secret 123987" in [OutboundMessage.from_json(content).delete_message_id for content in sent]


@pytest.mark.parametrize("text", ["my pin is 580417", "my pin is ５８０４１７", "my pin is 580\u200b417"])
def test_req_51_a_secret_in_a_message_that_is_set_aside_is_blanked_and_taken_back(empty_record, text):
    clock, bot = Clock(), Echo()
    bot.failures = inbox.TRIES
    store(empty_record, clock, text, channel="telegram")
    worker = Worker(
        empty_record,
        bot,
        {"telegram": ChannelConfig(AddressKind.TELEGRAM, ReplyFormat.TELEGRAM, deletes_secrets=True)},
        clock,
        lambda: None,
    )
    for _ in range(inbox.TRIES):
        work(worker)
        clock.now += timedelta(minutes=1)
    with empty_record.reading() as connection:
        row = connection.execute(select(inbox_table)).one()
        sent = connection.execute(select(outbox_table.c.content).order_by(outbox_table.c.id)).scalars().all()
    assert (row.state, row.text) == ("set_aside", None)
    assert [OutboundMessage.from_json(content).delete_message_id is not None for content in sent] == [True, False]


def test_req_51_a_stop_is_not_set_aside(empty_record):
    clock, bot = Clock(), Stopping()
    bot.failures = inbox.TRIES + 2
    store(empty_record, clock, "stop")
    worker = Worker(empty_record, bot, ROUTES, clock, lambda: None)
    for _ in range(inbox.TRIES + 3):
        work(worker)
        clock.now += timedelta(minutes=1)
    assert states(empty_record, inbox_table) == ["done"]
    assert stopped(empty_record) == 1


@pytest.mark.parametrize("text", ["STOP", "stop"])
def test_req_51_the_real_bot_honours_a_stop_of_somebody_who_is_throttled(bot, record, text):
    address, clock = "+447700900871", Clock()
    with record.writing() as connection:
        for table in (outbox_table, inbox_table, opt_out):
            connection.execute(delete(table))
    flooded(record, clock, text, "580417", address=address)
    work(Worker(record, bot, ROUTES, clock, lambda: None))
    with record.reading() as connection:
        assert identities.opted_out(connection, Address.parse(f"sms:{address}"))
        last = connection.execute(select(inbox_table).order_by(inbox_table.c.id.desc())).first()
    assert last.text is None


# The key


def test_req_50_the_key_is_not_changed_while_a_service_runs(empty_record, tmp_path):
    refused = pytest.raises(key_rotation.InUseError, match="stop it")
    with serving(empty_record, tmp_path / "spool"), refused, empty_record.writing() as connection:
        key_rotation.rotate(connection, "test", datetime.now(UTC))
    with empty_record.writing() as connection:
        key_rotation.rotate(connection, "test", datetime.now(UTC))


def test_req_50_a_service_that_was_killed_does_not_keep_the_key_for_ever(empty_record):
    now = datetime.now(UTC)
    with empty_record.writing() as connection:
        instances.alive(connection, "killed", now - instances.SILENT)
        key_rotation.refuse_while_in_use(connection, now)
        instances.alive(connection, "killed", now)
    with pytest.raises(key_rotation.InUseError), empty_record.writing() as connection:
        key_rotation.refuse_while_in_use(connection, now)


def test_a_wrong_key_is_noticed_where_there_are_no_participants(empty_record):
    clock = Clock()
    with empty_record.reading() as connection:
        key_rotation.assert_current_key(connection, empty_record.keyring)
    store(empty_record, clock, "one", "two")
    with empty_record.reading() as connection:
        key_rotation.assert_current_key(connection, empty_record.keyring)
        with pytest.raises(KeyringError, match="another key"):
            key_rotation.assert_current_key(connection, Keyring([new_key()]))
        with pytest.raises(KeyringError, match="did not come to its end"):
            key_rotation.assert_current_key(connection, Keyring([new_key(), TEST_KEY]))
    spoil(empty_record, inbox_table, id=2)
    with empty_record.reading() as connection:
        key_rotation.assert_current_key(connection, empty_record.keyring)


def test_a_record_of_people_alone_is_opened_with_its_own_key(empty_record):
    assert imported(empty_record, RECORD).problems.found == []
    with empty_record.reading() as connection:
        key_rotation.assert_current_key(connection, empty_record.keyring)


def test_a_row_that_no_key_reads_does_not_stop_the_change_of_the_key(empty_record):
    clock = Clock()
    store(empty_record, clock, "one", "two")
    spoil(empty_record, inbox_table, id=1)
    new = new_key()
    empty_record.engine.dialect.keyring = Keyring([new, TEST_KEY])
    with empty_record.writing() as connection:
        key_rotation.rotate(connection, "test", clock())
    empty_record.engine.dialect.keyring = Keyring([new])
    with empty_record.reading() as connection:
        texts = connection.execute(select(inbox_table.c.text).where(inbox_table.c.id == 2)).scalars().all()
    assert texts == ["two"]


# The disk


def test_alerts_are_kept_though_nothing_more_fits_on_the_disk(empty_record, tmp_path):
    """Where a disk of its own can be made for the test, on that; else with a limit on the size of files."""
    with full_disk(tmp_path / "disk") as (folder, fill):
        journal = AlertJournal(folder / "spool", empty_record.keyring, size=16 * 1024)
        journal.prepare()
        fill()
        for number in range(20):
            journal.append([PendingAlert("crisis", Address.on("kannel", f"+4477009000{number:02d}"), Clock().now)])
        assert journal.count() == 20
        assert journal.drain(empty_record) == 20
        journal.append([PendingAlert("crisis", Address.on("kannel", "+447700900100"), Clock().now)])
        assert journal.drain(empty_record) == 1
    assert len(alerts_of(empty_record)) == 21


@contextmanager
def full_disk(folder):
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        yield folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return

    def fill():
        with pytest.raises(OSError, match="space"), (folder / "filling").open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    try:
        yield folder, fill
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_clean_end_leaves_everything_in_the_databases_own_file(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/record.db", TEST_KEY, print)
    migrate(database)
    with serving(database, tmp_path / "spool") as served:
        assert served.kannel(ADA, "hello", "1").status_code == 200
        served.wait(1)
    alone = tmp_path / "copy.db"
    shutil.copy(tmp_path / "record.db", alone)
    copied = open_database(f"sqlite:///{alone}", TEST_KEY, print)
    assert states(copied, inbox_table) == ["done"]
    log = tmp_path / "record.db-wal"
    assert not log.exists() or not log.stat().st_size


# Whether it is said


def checks(served):
    response = served.client.get("/health/ready")
    return response.status_code, {name for name, is_ in response.json()["checks"].items() if is_ == "failing"}


def test_req_17_readiness_names_what_does_not_work(tmp_path, monkeypatch):
    database = open_database(f"sqlite:///{tmp_path}/record.db", TEST_KEY, print)
    migrate(database)
    monkeypatch.setattr("bot.runtime.readiness.SECONDS", 0.5)
    monkeypatch.setattr("bot.jobs.DRAIN_SECONDS", 60)
    with serving(database, tmp_path / "spool") as served:
        assert checks(served) == (200, set())
        served.journal.append([PendingAlert("crisis", Address.on("screen", "screen:a"), datetime.now(UTC))])
        assert checks(served) == (503, {"alerts"})
        served.journal.drain(database)
        with write_lock(tmp_path / "record.db"):
            assert checks(served) == (503, {"database"})
            assert served.client.get("/health/live").status_code == 200
        served.service._worker.stop()
        old = lambda: datetime.now(UTC) - timedelta(minutes=5)  # noqa: E731
        store(database, old, "nobody looks at this")
        until(lambda: checks(served) == (503, {"inbox"}))
        readiness = served.service._readiness
        monkeypatch.setattr(readiness, "_folders", (tmp_path,))
        monkeypatch.setattr(readiness, "_room", 10**18)

        async def broken():
            raise RuntimeError

        monkeypatch.setattr(readiness, "_works", broken)
        assert checks(served) == (503, {"inbox", "disk", "model"})
        assert ADA not in served.client.get("/health").text


def test_req_17_word_of_a_danger_that_cannot_be_sent_is_said(empty_record, tmp_path):
    with serving(empty_record, tmp_path / "spool") as served:
        with empty_record.writing() as connection:
            before = datetime.now(UTC) - timedelta(minutes=5)
            outbox.put(connection, "kannel", Address.on("kannel", ADA), [OutboundMessage("help")], before, urgent=True)
            connection.execute(update(outbox_table).values(next_try_at=datetime.now(UTC) + timedelta(minutes=5)))
        assert checks(served) == (503, {"alerts"})


def test_the_real_model_is_tried(bot, loop):
    assert loop.run(bot.works())
