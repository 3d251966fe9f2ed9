"""The mailbox: stored once, handled in order, sent in order, and nothing lost or said twice when something breaks."""

import asyncio
import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.alerts import alert_store, undelivered
from bot.alerts.tables import alert
from bot.conversation.state import ConversationState
from bot.conversation.tables import conversation_state
from bot.database.engine import Database, DatabaseError
from bot.errors import TIMED_OUT_AFTER_SEND, PermanentSendError, TransientSendError
from bot.messages import Address, Answer, Arrival, OutboundMessage, Receipt, Reply, SendReceipt
from bot.messaging import inbox, outbox
from bot.messaging.sender import AT_ONCE, Sender
from bot.messaging.tables import inbox as inbox_table
from bot.messaging.tables import outbox as outbox_table
from bot.messaging.worker import Worker
from bot.replies import sms
from bot.replies.gsm import parts
from bot.retention.purge import Periods, purge_expired
from bot.runtime.background import BackgroundRuntime
from tests.support.mailbox import ADA, BEN, ROUTES, START, Clock, Echo, Provider, send, states, store, work


@pytest.fixture
def bot():
    return Echo()


@pytest.fixture
def conversation(request):
    """The real bot, beside the one that only echoes."""
    from bot import bootstrap

    settings, record = (request.getfixturevalue(name) for name in ("record_settings", "record"))
    return bootstrap.Bootstrap(settings, database=record).handler


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def worker(empty_record, bot, clock):
    return Worker(empty_record, bot, ROUTES, clock, lambda: None)


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def sender(empty_record, provider, clock):
    return Sender(empty_record, {"kannel": provider.send, "twilio": provider.send}, clock)


def test_each_persons_messages_are_answered_in_order(empty_record, clock, worker, sender, provider):
    store(empty_record, clock, "one", "two")
    store(empty_record, clock, "eins", address=BEN)
    store(empty_record, clock, "three")
    work(worker)
    send(sender)
    assert [text for address, text in provider.taken if address == ADA] == ["1: one", "2: two", "3: three"]
    assert [text for address, text in provider.taken if address == BEN] == ["1: eins"]


def test_req_11_the_same_provider_id_five_times_is_one_reply(empty_record, clock, worker, sender, provider):
    arrival = Arrival("kannel", "same", Address.on("kannel", ADA), "hello")
    found = []
    for after in (0, 0, 1, 60, 25 * 60):
        clock.now = START + timedelta(seconds=after)
        with empty_record.writing() as connection:
            found.append(inbox.store(connection, arrival, clock()))
        work(worker)
        send(sender)
    assert found == [True, False, False, False, False]
    assert provider.taken == [(ADA, "1: hello")]


def test_one_person_is_one_conversation_on_every_gateway(empty_record, clock, worker, bot):
    store(empty_record, clock, "by kannel")
    store(empty_record, clock, "by twilio", channel="twilio")
    work(worker)
    assert [conversation for conversation, _ in bot.heard] == [f"sms:{ADA}"] * 2


def test_what_the_next_turn_leans_on_survives_a_restart(empty_record, clock, worker):
    store(empty_record, clock, "one")
    work(worker)
    again = Echo()
    store(empty_record, clock, "two")
    work(Worker(empty_record, again, ROUTES, clock, lambda: None))
    with empty_record.reading() as connection:
        (state,) = connection.execute(select(conversation_state.c.state)).scalars()
        assert ConversationState.load(state).misunderstood == 2


def test_a_failure_leaves_nothing_half_done_and_is_tried_again(empty_record, clock, worker, bot, sender, provider):
    store(empty_record, clock, "one", "two")
    work(worker)
    bot.failures = 1
    store(empty_record, clock, "three", "four")
    work(worker)  # fails, and the one behind it waits
    assert states(empty_record, inbox_table) == ["done", "done", "waiting", "waiting"]
    clock.now += timedelta(seconds=10)
    work(worker)
    send(sender)
    assert [text for _, text in provider.taken] == ["1: one", "2: two", "3: three", "4: four"]


def test_req_13_a_poisoned_message_is_set_aside_with_an_apology_and_blocks_nobody(
    empty_record, clock, worker, bot, sender, provider
):
    bot.failures = inbox.TRIES
    store(empty_record, clock, "poison", "next")
    for _ in range(inbox.TRIES + 1):
        work(worker)
        clock.now += timedelta(minutes=1)
    work(worker)
    send(sender)
    assert states(empty_record, inbox_table) == ["set_aside", "done"]
    assert provider.taken == [(ADA, "sorry"), (ADA, "1: next")]


def test_req_13_danger_in_a_message_that_is_given_up_is_answered_and_told_to_staff(
    empty_record, clock, worker, bot, sender, provider
):
    bot.safety_response = lambda message: Answer((Reply("call 999"),), alerts=("crisis",))
    bot.failures = inbox.TRIES
    store(empty_record, clock, "i am in danger")
    for _ in range(inbox.TRIES + 1):
        work(worker)
        clock.now += timedelta(minutes=1)
    send(sender)
    assert states(empty_record, inbox_table) == ["set_aside"]
    assert provider.taken == [(ADA, "call 999")]
    with empty_record.reading() as connection:
        assert connection.execute(select(alert.c.topic)).scalars().all() == ["crisis"]


def test_req_13_a_message_that_hangs_is_given_up_and_the_next_one_works(empty_record, clock, worker, bot, monkeypatch):
    monkeypatch.setattr("bot.messaging.worker.HANG_SECONDS", 0.1)
    original = bot.answer

    async def hanging(message, unit):
        if message.text == "hang":
            await asyncio.sleep(30)
        return await original(message, unit)

    bot.answer = hanging
    store(empty_record, clock, "hang", "next")
    for _ in range(inbox.TRIES + 1):
        work(worker)
        clock.now += timedelta(minutes=1)
    assert states(empty_record, inbox_table) == ["set_aside", "done"]


def test_a_secret_is_blanked_and_an_alert_belongs_to_the_answer(empty_record, clock, worker):
    store(empty_record, clock, "secret 580417", "danger")
    work(worker)
    with empty_record.reading() as connection:
        assert connection.execute(select(inbox_table.c.text)).scalars().all() == [None, "danger"]
        assert connection.execute(select(alert.c.topic, alert.c.address)).all() == [("crisis", ADA)]


def test_who_goes_on_in_danger_has_one_alert_until_somebody_takes_it_on(empty_record, clock, worker):
    def raised():
        with empty_record.reading() as connection:
            return connection.execute(select(alert.c.address, alert.c.acknowledged_by).order_by(alert.c.id)).all()

    for address, text in ((ADA, "danger"), (ADA, "more danger"), (BEN, "danger")):
        store(empty_record, clock, text, address=address)
        work(worker)
    assert raised() == [(ADA, None), (BEN, None)]
    with empty_record.writing() as connection:
        alert_store.acknowledge(
            connection, connection.scalar(select(alert.c.id).order_by(alert.c.id)), "staff", clock()
        )
    store(empty_record, clock, "danger still")
    work(worker)
    assert raised() == [(ADA, "staff"), (BEN, None), (ADA, None)]


def test_what_came_by_a_channel_that_is_gone_waits_and_blocks_nobody(empty_record, clock, worker, bot):
    store(empty_record, clock, "old", channel="notify")
    store(empty_record, clock, "new", address=BEN)
    work(worker)
    assert bot.heard == [(f"sms:{BEN}", "new")]
    assert states(empty_record, inbox_table) == ["waiting", "done"]


def test_two_workers_share_the_work_and_keep_each_persons_order(empty_record, clock):
    bots = [Echo(), Echo()]
    for number in range(10):
        store(empty_record, clock, f"{number}", address=ADA)
        store(empty_record, clock, f"{number}", address=BEN)
    workers = [Worker(empty_record, bot, ROUTES, clock, lambda: None) for bot in bots]
    threads = [threading.Thread(target=work, args=(w,)) for w in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(workers[0])  # what one left because the other had the person in hand
    with empty_record.reading() as connection:
        rows = connection.execute(select(outbox_table).order_by(outbox_table.c.id)).all()
    for address in (ADA, BEN):
        texts = [OutboundMessage.from_json(row.content).text for row in rows if row.address == address]
        assert texts == [f"{n + 1}: {n}" for n in range(10)]


def test_req_15_with_the_database_down_somebody_in_danger_is_answered_all_the_same(
    clock, provider, request, loop, record
):
    class Down(Database):
        async def write(self, work):
            raise DatabaseError("down")

    conversation, down = request.getfixturevalue("conversation"), Down(record.engine, record.keyring)
    service = loop.run(_made(lambda: BackgroundRuntime(down, conversation, ROUTES, {"kannel": provider.send}, clock)))
    for text in ("what times are the sessions", "i want to kill myself"):
        with pytest.raises(DatabaseError):
            loop.run(service.store(Arrival("kannel", text, Address.on("kannel", ADA), text)))
    assert len(provider.taken) == 1
    assert "116 123" in provider.taken[0][1]
    provider.trouble = [TransientSendError("status 500")]
    with pytest.raises(DatabaseError):
        loop.run(service.store(Arrival("kannel", "x", Address.on("kannel", ADA), "i want to kill myself")))


async def _made(make):
    return make()


# What is kept


def test_req_37_what_came_and_went_is_deleted_after_its_time(empty_record, clock, worker, sender):
    store(empty_record, clock, "old")
    work(worker)
    send(sender)
    store(empty_record, clock, "of a gateway that is gone", address=BEN)
    kept = Periods(messages=timedelta(days=1))
    with empty_record.writing() as connection:
        assert purge_expired(connection, START, kept) == {}
        gone = purge_expired(connection, START + timedelta(days=2), kept)
    assert gone == {"inbox": 2, "outbox": 1, "conversation_state": 1}
    assert states(empty_record, inbox_table) == states(empty_record, outbox_table) == []


# Sending


def test_a_provider_in_trouble_is_tried_again_in_order(empty_record, clock, worker, sender, provider):
    provider.trouble = [TransientSendError("status 500"), TransientSendError("status 429", timedelta(seconds=30))]
    store(empty_record, clock, "one", "two")
    work(worker)
    send(sender)
    assert provider.taken == []
    clock.now += timedelta(seconds=3)
    send(sender)
    clock.now += timedelta(seconds=20)
    send(sender)
    assert provider.taken == [], "a wait that the provider named is kept"
    clock.now += timedelta(seconds=15)
    send(sender)
    assert [text for _, text in provider.taken] == ["1: one", "2: two"]


def test_a_refusal_is_final(empty_record, clock, worker, sender, provider):
    provider.trouble = [PermanentSendError("error 21610")]
    store(empty_record, clock, "two")
    work(worker)
    send(sender)
    assert states(empty_record, outbox_table) == ["failed"]


def test_a_provider_that_is_away_for_hours_gets_everything_afterwards_danger_first(
    empty_record, clock, worker, sender, provider
):
    provider.trouble = [TransientSendError("status 500")] * 10_000
    store(empty_record, clock, "one")
    store(empty_record, clock, "danger", address=BEN)
    work(worker)
    for _ in range(5 * 60):
        send(sender)
        clock.now += timedelta(minutes=1)
    assert provider.taken == []
    assert states(empty_record, outbox_table) == ["waiting", "waiting"]
    assert 30 < 10_000 - len(provider.trouble) < 100, "at most ten minutes between two tries"
    provider.trouble = []
    clock.now += timedelta(minutes=10)
    send(sender)
    assert provider.taken == [(BEN, "1: danger"), (ADA, "1: one")]


def test_when_a_provider_takes_messages_again_the_others_do_not_wait_out_their_time(
    empty_record, clock, worker, sender, provider
):
    provider.trouble = [TransientSendError("status 500")] * 10_000
    store(empty_record, clock, "one")
    work(worker)
    for _ in range(30):
        send(sender)
        clock.now += timedelta(minutes=1)
    provider.trouble = []
    store(empty_record, clock, "new", address=BEN)
    work(worker)
    send(sender)
    assert provider.taken == [(BEN, "1: new"), (ADA, "1: one")]


def test_what_nobody_takes_for_too_long_fails_and_staff_are_told_once_for_the_gateway(
    empty_record, clock, worker, sender, provider
):
    provider.trouble = [TransientSendError("status 500")] * 10_000
    for address in (ADA, BEN):
        store(empty_record, clock, "hello", address=address)
    store(empty_record, clock, "danger", address="+447700900003")
    work(worker)
    clock.now += outbox.KEPT_FOR
    send(sender)
    assert states(empty_record, outbox_table) == ["failed", "failed", "waiting"]
    clock.now += outbox.URGENT_KEPT_FOR - outbox.KEPT_FOR
    send(sender)
    assert states(empty_record, outbox_table) == ["failed"] * 3
    with empty_record.reading() as connection:
        raised = connection.execute(select(alert.c.topic, alert.c.channel, alert.c.address).order_by(alert.c.id)).all()
    assert raised == [
        ("crisis", "sms", "+447700900003"),
        (undelivered.REPLIES, "kannel", ""),
        (undelivered.DANGER, "sms", "+447700900003"),
    ]


def test_the_reply_to_somebody_in_danger_does_not_wait_behind_an_earlier_one(
    empty_record, clock, worker, sender, provider
):
    provider.trouble = [TransientSendError("status 500")] * 8
    store(empty_record, clock, "hello")
    work(worker)
    for _ in range(8):
        send(sender)
        clock.now += timedelta(minutes=10)
    clock.now -= timedelta(minutes=10)  # the next try of the first one is a while away
    store(empty_record, clock, "danger")
    work(worker)
    send(sender)
    assert provider.taken[0] == (ADA, "2: danger")


def test_in_danger_a_reply_that_was_not_heard_of_is_sent_again(empty_record, clock, worker, sender, provider):
    provider.trouble = [PermanentSendError(TIMED_OUT_AFTER_SEND), PermanentSendError(TIMED_OUT_AFTER_SEND)]
    store(empty_record, clock, "danger")
    store(empty_record, clock, "hello", address=BEN)
    work(worker)
    send(sender)
    clock.now += timedelta(minutes=1)
    send(sender)
    assert provider.taken == [(ADA, "1: danger")]


def test_req_47_a_provider_that_takes_all_its_places_leaves_the_others_theirs(empty_record, clock, worker, loop):
    async def run():
        gate, sent = asyncio.Event(), []

        async def hangs(address, outbound):
            await gate.wait()
            return SendReceipt(None)

        async def takes(address, outbound):
            sent.append(address)
            return SendReceipt(None)

        sender = Sender(empty_record, {"kannel": hangs, "twilio": takes}, clock)
        for number in range(AT_ONCE + 5):
            store(empty_record, clock, "hello", address=f"+4477009001{number:02d}")
        await asyncio.to_thread(work, worker)
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(0.3)
        store(empty_record, clock, "hello", channel="twilio")
        await asyncio.to_thread(work, worker)
        sender.wake()
        async with asyncio.timeout(10):
            while not sent:
                await asyncio.sleep(0.02)
        gate.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return sent

    assert loop.run(run()) == [ADA]


def test_req_17_receipts_are_kept_and_a_late_failure_undoes_no_delivery(empty_record, clock, worker, sender):
    store(empty_record, clock, "one", "two")
    work(worker)
    send(sender)
    with empty_record.writing() as connection:
        assert outbox.received(connection, Receipt("kannel", "id1", True))
        assert not outbox.received(connection, Receipt("kannel", "id1", False, "type 2"))
        assert outbox.received(connection, Receipt("kannel", "id2", False, "type 2"))
        assert not outbox.received(connection, Receipt("kannel", "unknown", True))
    assert states(empty_record, outbox_table) == ["delivered", "failed"]


def test_what_was_being_sent_when_the_process_died_is_taken_up_again(empty_record, clock, worker, sender, provider):
    store(empty_record, clock, "one")
    work(worker)
    with empty_record.writing() as connection:
        assert len(outbox.claim(connection, ["kannel"], clock(), 20)) == 1
        assert outbox.claim(connection, ["kannel"], clock(), 20) == []
    send(sender)
    assert provider.taken == [], "while another process may be sending it, it is left to that one"
    clock.now += outbox.LEASE
    send(sender)
    assert provider.taken == [(ADA, "1: one")]


# Long answers


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=3000), st.integers(1, 6))
def test_a_long_text_is_split_without_losing_a_word(text, most):
    pieces = sms.split(text, most)
    assert all(parts(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_split_between_sentences():
    text = " ".join(f"This is sentence number {n}, and it says something." for n in range(60))
    pieces = sms.split(text)
    assert len(pieces) > 1
    assert all(piece.endswith(".") and piece.startswith("This") for piece in pieces)
    assert " ".join(pieces) == text
