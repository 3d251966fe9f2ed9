"""Alerts that nobody takes on: the duty phones are texted in time, once, whatever else happens."""

import asyncio
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.alerts import alert_store, escalation_policy
from bot.alerts.escalation import Escalation
from bot.alerts.escalation_policy import EscalationPolicy
from bot.alerts.tables import alert
from bot.conversation.handler import MessageHandler
from bot.conversation.identity import Identity
from bot.conversation.reading import readers
from bot.database.engine import Database, DatabaseError, open_database
from bot.dialogue import personal_phrases
from bot.errors import BLOCKED, PermanentSendError, TransientSendError
from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.messaging.sender import Sender
from bot.messaging.tables import outbox
from bot.messaging.worker import ChannelConfig
from bot.records import audit
from bot.records.access import identities
from bot.records.tables import audit_entry
from bot.replies import gsm, wording
from bot.runtime.background import BackgroundRuntime
from bot.safety.detector import Detector
from bot.settings import Settings, SettingsError
from tests.support.mailbox import ADA, Clock, Echo, Provider, states
from tests.support.mailbox import send as send_all
from tests.support.records import TEST_KEY

FIRST, OTHER = "+447700900901", "+447700900902"
WORDS = wording.load("isotp", "en")
TEXT = WORDS.text("alert_waiting", ReplyFormat.SMS)
OVERDUE, AGAIN = timedelta(minutes=15), timedelta(minutes=20)
DUTY = EscalationPolicy("kannel", (FIRST, OTHER), TEXT, OVERDUE, AGAIN)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def raised(empty_record, clock):
    """Raise alerts now, and return their ids."""

    def put(*topics, address=ADA):
        with empty_record.writing() as connection:
            for topic in topics:
                alert_store.put(connection, topic, Address.on("kannel", address), clock())
            return connection.execute(select(alert.c.id).order_by(alert.c.id)).scalars().all()[-len(topics) :]

    return put


@pytest.fixture
def look(empty_record, clock, provider, loop):
    """Look once, as a service of its own that has just been started; send what came of it; return the seconds to wait."""

    def once(escalation=DUTY):
        seconds = loop.run(Escalation(empty_record, escalation, clock, lambda: None).run_once())
        send_all(Sender(empty_record, {"kannel": provider.send}, clock))
        return seconds

    return once


def acknowledge(record, id_, clock):
    with record.writing() as connection:
        alert_store.acknowledge(connection, id_, "staff:1", clock())


def test_req_42_an_alert_nobody_takes_on_is_texted_about_twice_and_never_again(clock, raised, look, provider):
    raised("crisis")
    clock.now += OVERDUE - timedelta(seconds=1)
    assert look() == 1, "it sleeps until the alert is overdue"
    assert provider.taken == []
    clock.now += timedelta(seconds=1)
    look()
    look()
    assert provider.taken == [(FIRST, TEXT)]
    clock.now += AGAIN - timedelta(seconds=1)
    look()
    assert provider.taken == [(FIRST, TEXT)]
    clock.now += timedelta(seconds=1)
    for _ in range(50):
        look()
        clock.now += timedelta(hours=1)
    assert provider.taken == [(FIRST, TEXT), (FIRST, TEXT), (OTHER, TEXT)]


def test_req_42_the_alert_and_the_audit_trail_say_when(empty_record, clock, raised, look):
    (id_,) = raised("crisis")
    clock.now += OVERDUE
    first = clock.now
    look()
    clock.now += AGAIN
    look()
    with empty_record.reading() as connection:
        found = alert_store.listed(connection, clock())[0]
        noted = connection.execute(select(audit_entry).order_by(audit_entry.c.id)).all()
        told = escalation_policy.escalation_status(connection, [id_])[id_]
    assert (found.first_called_at, found.second_called_at) == (first, clock.now)
    assert [(e.actor, e.action, e.detail) for e in noted] == [
        (audit.SERVICE, "alert escalated", f"alert {id_}: the first duty phone was texted"),
        (audit.SERVICE, "alert escalated", f"alert {id_}: all duty phones were texted"),
    ]
    assert (told.call, told.sent, told.failed, told.waiting) == (2, 2, 0, 0)


def test_req_42_one_text_tells_of_several_alerts(empty_record, clock, raised, look, provider):
    raised("crisis", "opted_out")
    clock.now += timedelta(seconds=30)
    raised("child_at_risk")
    clock.now += OVERDUE
    look()
    assert provider.taken == [(FIRST, TEXT)]
    with empty_record.reading() as connection:
        assert None not in connection.execute(select(alert.c.first_called_at)).scalars().all()


def test_req_42_however_many_alerts_there_are_a_phone_is_texted_once_a_minute_at_most(clock, raised, look, provider):
    for number in range(30):
        raised("crisis", address=f"+447700900{number:03}")
        clock.now += timedelta(seconds=4)
    clock.now += OVERDUE - timedelta(seconds=120)
    for _ in range(130):
        look()
        clock.now += timedelta(seconds=1)
    assert 2 <= len(provider.taken) <= 3


def test_req_42_an_alert_that_is_taken_on_is_texted_about_no_more(empty_record, clock, raised, look, provider):
    early, late = raised("crisis", "child_at_risk")
    acknowledge(empty_record, early, clock)
    clock.now += OVERDUE
    look()
    assert len(provider.taken) == 1
    acknowledge(empty_record, late, clock)
    clock.now += AGAIN
    assert look() == 60
    assert len(provider.taken) == 1


def test_req_42_a_text_that_still_waits_is_taken_back_once_all_that_it_is_about_is_taken_on(
    empty_record, clock, raised, look, provider
):
    one, two = raised("crisis", "child_at_risk")
    provider.trouble = [TransientSendError("busy")]
    clock.now += OVERDUE
    look()
    assert states(empty_record, outbox) == ["waiting"]
    acknowledge(empty_record, one, clock)
    assert states(empty_record, outbox) == ["waiting"], "the other alert is still nobody's"
    acknowledge(empty_record, two, clock)
    assert states(empty_record, outbox) == []
    clock.now += timedelta(hours=1)
    look()
    assert provider.taken == []


def test_req_42_a_phone_that_is_refused_raises_no_alert_and_the_others_do_not_wait(
    empty_record, clock, raised, look, provider
):
    (id_,) = raised("crisis")
    provider.trouble = [PermanentSendError("blocked", alert=BLOCKED)]
    clock.now += OVERDUE
    look()
    with empty_record.reading() as connection:
        assert connection.execute(select(alert.c.topic)).scalars().all() == ["crisis"]
        assert escalation_policy.escalation_status(connection, [id_])[id_].failed == 1
    clock.now += escalation_policy.MIN_INTERVAL
    look()
    assert provider.taken == [(FIRST, TEXT), (OTHER, TEXT)]


def test_a_refused_message_to_anybody_else_still_raises_its_alert(empty_record, clock, provider):
    from bot.messages import OutboundMessage
    from bot.messaging import outbox as box

    with empty_record.writing() as connection:
        box.put(connection, "kannel", Address.sms(ADA), [OutboundMessage("an answer")], clock())
    provider.trouble = [PermanentSendError("blocked", alert=BLOCKED)]
    send_all(Sender(empty_record, {"kannel": provider.send}, clock))
    with empty_record.reading() as connection:
        assert connection.execute(select(alert.c.topic)).scalars().all() == [BLOCKED]


def test_req_42_of_many_processes_at_the_same_moment_one_sends(empty_record, clock, raised, provider, loop):
    """Each with an engine of its own, as processes have."""
    raised("crisis", "child_at_risk")
    clock.now += OVERDUE
    url = empty_record.engine.url.render_as_string(hide_password=False)
    opened = [open_database(url, TEST_KEY, print) for _ in range(6)]
    start, faults = threading.Barrier(len(opened)), []

    def run(database):
        escalation = Escalation(database, DUTY, clock, lambda: None)
        start.wait()
        try:
            asyncio.run(escalation.run_once())
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(database,)) for database in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send_all(Sender(empty_record, {"kannel": provider.send}, clock))
    for database in opened:
        database.engine.dispose()
    assert faults == []
    assert provider.taken == [(FIRST, TEXT)]


def test_req_42_what_fails_half_way_leaves_nothing_and_is_done_again(empty_record, clock, raised, look, monkeypatch):
    raised("crisis")
    clock.now += OVERDUE
    monkeypatch.setattr(audit, "note", fails_once(audit.note))
    with pytest.raises(DatabaseError):
        look()
    assert states(empty_record, outbox) == []
    look()
    assert states(empty_record, outbox) == ["sent"]


def fails_once(function):
    left = [DatabaseError("down")]

    def failing(*args):
        if left:
            raise left.pop()
        return function(*args)

    return failing


class Failing(Database):
    """Fails on the first write, and counts."""

    writes = 0

    async def write(self, work):
        self.writes += 1
        if self.writes == 1:
            raise DatabaseError("down")
        return await super().write(work)


def test_req_42_it_wakes_when_the_alert_is_overdue_survives_a_fault_and_does_not_poll(
    empty_record, loop, monkeypatch, caplog
):
    monkeypatch.setattr("bot.alerts.escalation._AFTER_A_FAULT", 0.1)
    database = Failing(empty_record.engine, empty_record.keyring)
    soon, woken = timedelta(seconds=1.5), []
    with empty_record.writing() as connection:
        alert_store.put(connection, "crisis", Address.on("kannel", ADA), datetime.now(UTC))
    started = time.monotonic()

    async def run():
        texted = asyncio.Event()

        def on_text():
            woken.append(time.monotonic() - started)
            texted.set()

        clock = lambda: datetime.now(UTC)  # noqa: E731
        task = asyncio.create_task(
            Escalation(database, EscalationPolicy("kannel", (FIRST,), TEXT, soon, AGAIN), clock, on_text).run()
        )
        await texted.wait()
        await asyncio.sleep(0.2)
        task.cancel()

    loop.run(asyncio.wait_for(run(), 20))
    assert 1.4 <= woken[0] < 15, "long before it would look again with nothing due, on a busy machine too"
    assert len(woken) == 1
    assert database.writes <= 6, "a fault, a look, and one when it was due (and a little for timers that are early)"
    assert "could not be looked after" in caplog.text


def test_req_42_two_running_services_text_once_and_a_restarted_one_not_again(empty_record, loop):
    sent = []

    async def send(address, outbound):
        from bot.messages import SendReceipt

        sent.append((address, outbound.text))
        return SendReceipt(None)

    with empty_record.writing() as connection:
        alert_store.put(connection, "crisis", Address.on("kannel", ADA), datetime.now(UTC) - OVERDUE)

    def service():
        route = {"kannel": ChannelConfig(AddressKind.SMS, ReplyFormat.SMS)}
        return BackgroundRuntime(
            empty_record, Echo(), route, {"kannel": send}, lambda: datetime.now(UTC), escalation=DUTY
        )

    async def run():
        async with service().running(), service().running():
            await asyncio.sleep(2)
        async with service().running():
            await asyncio.sleep(1)

    loop.run(asyncio.wait_for(run(), 60))
    assert sent == [(FIRST, TEXT)]


@pytest.fixture
def duty_conversation(empty_record):
    """The door, with a dialogue that nobody needs here."""
    identity = Identity(personal_phrases.load(), timedelta(minutes=15), frozenset({Address.sms(FIRST)}))
    heard = readers.load(WORDS, Settings().office)
    return MessageHandler(Detector(), identity, None, WORDS, Settings().office, heard, empty_record)


def test_req_42_stop_from_a_duty_phone_changes_nothing_and_is_told_so(
    empty_record, loop, duty_conversation, clock, raised, look, provider
):
    answer = loop.run(duty_conversation.handle(InboundMessage(Address.parse(f"sms:{FIRST}"), "STOP", ReplyFormat.SMS)))
    assert answer.replies[0].text.startswith("This number is still told when an alert is waiting.")
    with empty_record.reading() as connection:
        assert not identities.opted_out(connection, Address.parse(f"sms:{FIRST}"))
    raised("crisis")
    clock.now += OVERDUE
    look()
    assert provider.taken == [(FIRST, TEXT)]


def test_stop_from_any_other_telephone_is_honoured(empty_record, loop, duty_conversation):
    answer = loop.run(duty_conversation.handle(InboundMessage(Address.parse(f"sms:{ADA}"), "STOP", ReplyFormat.SMS)))
    assert answer.replies[0].text.startswith("OK. I won't send you anything more.")
    with empty_record.reading() as connection:
        assert identities.opted_out(connection, Address.parse(f"sms:{ADA}"))


def test_req_34_the_text_says_nothing_of_anybody_and_fits_one_message():
    for topic in ("alert_waiting", "duty_phone"):
        text = WORDS.text(topic, ReplyFormat.SMS, contact_name="x" * 30, office_phone="0" * 16)
        assert gsm.is_gsm(text)
        assert gsm.parts(text) == 1
    assert re.search(r"crisis|child|life|risk|programme|group|probation|offen|http|\d", TEXT, re.I) is None


@pytest.mark.parametrize("topic", ["crisis", "child_at_risk", "threat"])
@pytest.mark.parametrize("reply_format", list(ReplyFormat))
def test_req_42_no_answer_to_danger_claims_that_anybody_is_watching(topic, reply_format):
    claims = r"have been told|has been told|are watching|is watching|is reading|are reading|(will|'ll) (ring|call|contact|get back)|on (their|its) way"
    assert re.search(claims, WORDS.text(topic, reply_format), re.I) is None


GATEWAY = {
    "LEAFLINE_KANNEL_URL": "http://127.0.0.1:1", "LEAFLINE_KANNEL_USERNAME": "u", "LEAFLINE_KANNEL_PASSWORD": "p",
    "LEAFLINE_KANNEL_TOKEN": "t", "LEAFLINE_SMS_SENDER": "Clinic", "LEAFLINE_PUBLIC_URL": "https://bot.example.org",
}  # fmt: skip


def test_duty_phones_are_read_in_order_and_written_one_way():
    given = Settings.from_env({**GATEWAY, "LEAFLINE_DUTY_PHONES": "07700 900901, +447700900902"})
    assert given.duty_phones == (FIRST, OTHER)


@pytest.mark.parametrize("value", ["", "999", "+447700900901,", "0161 496 0000", "Sam"])
def test_a_duty_phone_that_cannot_be_texted_is_refused_without_showing_it(value):
    with pytest.raises(SettingsError, match="LEAFLINE_DUTY_PHONES cannot be used") as refused:
        Settings.from_env({**GATEWAY, "LEAFLINE_DUTY_PHONES": value})
    assert not value or value not in str(refused.value)


def test_duty_phones_need_a_gateway():
    with pytest.raises(SettingsError, match="no gateway to text them"):
        Settings.from_env({"LEAFLINE_DUTY_PHONES": FIRST})
