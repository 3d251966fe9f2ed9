"""A part that hangs harms only itself: the provider, the database, one answer, one row."""

import asyncio
import threading
import time

import pytest
from conftest import TEST_KEY, postgresql_database
from faults import proxy, silent_server, write_lock
from notifications_python_client.notifications import NotificationsAPIClient
from sqlalchemy import select, update
from sqlalchemy.engine import make_url
from test_gateways import KEY
from test_mailbox import ADA, BEN, ROUTES, Clock, Echo, Provider, send, states, store, work
from test_service import RealDanger, serving

from bot.channels.notify import Notify
from bot.database import postgresql
from bot.database.effects import ChangedError
from bot.database.engine import Database, DatabaseError, open_database
from bot.database.migrate import migrate
from bot.database.patience import Patience
from bot.mailbox import inbox
from bot.mailbox.pool import WorkerPool
from bot.mailbox.sender import Sender
from bot.mailbox.tables import alert, conversation_state
from bot.mailbox.tables import inbox as inbox_table
from bot.mailbox.tables import outbox as outbox_table
from bot.mailbox.worker import Worker
from bot.messages import Arrival, InboundMessage, Parcel
from bot.records import identities
from bot.records.tables import opt_out


class Held(RealDanger):
    """A bot whose answer to "hang" comes only when it is let go: awaited, or blocking its thread."""

    def __init__(self, *, blocks):
        super().__init__()
        self._blocks = blocks
        self.let_go = threading.Event()
        self.begun = threading.Event()

    async def answer(self, message):
        if "hang" in message.text:
            self.begun.set()
            if self._blocks:
                self.let_go.wait(60)
            else:
                while not self.let_go.is_set():
                    await asyncio.sleep(0.02)
        return await super().answer(message)


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
        screen = served.client.portal.call(served.service.handle_at_once, InboundMessage("screen:a", "hello"))
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
                target=ask, args=(served.service.handle_at_once, InboundMessage(f"screen:{n}", "hang")), daemon=True
            )
            for n in range(3)
        ]
        for thread in hanging:
            thread.start()
        assert bot.begun.wait(10)
        danger = ask(served.service.handle_at_once, InboundMessage("screen:b", "i am in danger"))
        assert danger.replies[0].text == "help is here"
        assert served.kannel(ADA, "hello", "1").status_code == 200
        served.wait(1)
        bot.let_go.set()
        for thread in hanging:
            thread.join(10)


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
        inbox.store(connection, Arrival("kannel", "d", ADA, "danger"), clock(), urgent=True)
    work(Worker(empty_record, bot, ROUTES, clock, lambda: None))
    assert texts(empty_record)[0] == "help is here"


def texts(record):
    with record.reading() as connection:
        rows = connection.execute(select(outbox_table.c.content).order_by(outbox_table.c.id)).scalars()
        return [Parcel.from_json(content).text for content in rows]


class Stopping(Echo):
    """A bot that stops messages to whoever says so, as the real one does: with a write of its own."""

    def __init__(self, database):
        super().__init__()
        self._database = database
        self.found, self.failed = [], False

    async def answer(self, message):
        answer = await super().answer(message)
        if "stop" in message.text:
            self.found.append(
                await self._database.read(lambda c: identities.opted_out(c, message.conversation)),
            )
            await self._database.write(lambda c: identities.stop(c, message.conversation, Clock().now))
            self.found.append(await self._database.read(lambda c: identities.opted_out(c, message.conversation)))
        if "fail" in message.text and not self.failed:
            self.failed = True
            raise RuntimeError("after the write")
        return answer


def stopped(record):
    with record.reading() as connection:
        return len(connection.execute(select(opt_out.c.id)).all())


def test_what_an_answer_writes_is_kept_with_the_reply_or_not_at_all(empty_record):
    clock, bot = Clock(), Stopping(empty_record)
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
    with empty_record.effects() as effects:
        asyncio.run(empty_record.write(lambda c: identities.start(c, f"sms:{ADA}", Clock().now)))
    with empty_record.writing() as connection:
        identities.stop(connection, f"sms:{ADA}", Clock().now)
    with pytest.raises(ChangedError), empty_record.writing() as connection:
        effects.perform(connection)
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
        screen = served.client.portal.call(served.service.handle_at_once, InboundMessage("screen:a", "danger"))
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
    monkeypatch.setattr("bot.service._DRAIN_SECONDS", 0.2)
    monkeypatch.setattr("bot.service.STORE_SECONDS", 0.5)
    monkeypatch.setattr("bot.answers.DANGER_SECONDS", 0.5)
    monkeypatch.setattr("bot.service.ALERT_SECONDS", 0.5)
    monkeypatch.setattr(postgresql._limit, "silent", 4.0)
    with serving(database, tmp_path / "spool", RealDanger()) as served:
        with hung():
            started = time.monotonic()
            for number in range(3):
                assert served.kannel(f"+4477009001{number:02d}", "i am in danger", f"{number}").status_code == 503
            assert served.kannel(BEN, "hello", "4").status_code == 503
            screen = served.client.portal.call(served.service.handle_at_once, InboundMessage("screen:a", "danger"))
            assert screen.replies[0].text == "help is here"
            assert time.monotonic() - started < 12, "each within its deadline, and none behind another"
            assert [served.sent[f"+4477009001{number:02d}"] for number in range(3)] == [["help is here"]] * 3
        until(lambda: len(alerts_of(database)) == 4, 40)
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
