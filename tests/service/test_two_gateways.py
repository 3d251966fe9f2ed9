"""Somebody who writes by two gateways for text messages is one person: one conversation, one opt-out, one alert."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bot.alerts import alert_store
from bot.alerts.tables import alert
from bot.messages import Address, OutboundMessage
from bot.messaging import throttle
from bot.messaging.tables import outbox as outbox_table
from bot.messaging.worker import Worker
from bot.records.access import identities
from tests.support.mailbox import ROUTES, Clock, Echo, store, work

ADA = Address.sms("+447700900001")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_danger_by_two_gateways_is_one_alert(empty_record):
    with empty_record.writing() as connection:
        for minutes, gateway in enumerate(("kannel", "twilio")):
            alert_store.put(connection, "crisis", Address.on(gateway, ADA.value), NOW + timedelta(minutes=minutes))
        found = alert_store.listed(connection, NOW)
    assert [(one.address, one.messages) for one in found] == [(ADA, 2)]


def test_an_alert_stored_by_its_gateway_is_gone_on_with(empty_record):
    with empty_record.writing() as connection:
        before = {"topic": "crisis", "channel": "kannel", "address": ADA.value, "raised_at": NOW}
        connection.execute(insert(alert).values(**before))
        alert_store.put(connection, "crisis", ADA, NOW + timedelta(minutes=1))
        alert_store.put(connection, "crisis", Address.sms("+447700900002"), NOW + timedelta(minutes=1))
        found = alert_store.listed(connection, NOW)
    assert [(one.address.value, one.messages) for one in found] == [("+447700900001", 2), ("+447700900002", 1)]


def test_an_alert_about_a_gateway_is_nobodys(empty_record):
    with empty_record.writing() as connection:
        for gateway in ("kannel", "twilio", "kannel"):
            alert_store.put(connection, "replies_not_delivered", None, NOW, gateway=gateway)
        query = select(alert.c.channel, alert.c.messages).order_by(alert.c.id)
        assert connection.execute(query).all() == [("kannel", 2), ("twilio", 1)]
        assert [(one.address, one.unreadable) for one in alert_store.listed(connection, NOW)] == [(None, False)] * 2


def sent(record):
    with record.reading() as connection:
        rows = connection.execute(select(outbox_table).order_by(outbox_table.c.id)).all()
        return [(row.channel, OutboundMessage.from_json(row.content).text) for row in rows]


def answered(record, *messages):
    """Handle messages, each given as a channel and a text, with the bot that counts what it heard in a conversation."""
    clock = Clock()
    for channel, text in messages:
        store(record, clock, text, address=ADA.value, channel=channel)
    work(Worker(record, Echo(), ROUTES, clock, lambda: None))
    return sent(record)


def test_it_is_one_conversation_and_each_reply_goes_the_way_that_its_message_came(empty_record):
    said = answered(empty_record, ("kannel", "one"), ("twilio", "two"), ("kannel", "three"))
    assert said == [("kannel", "1: one"), ("twilio", "2: two"), ("kannel", "3: three")]


def test_danger_is_one_alert_through_the_worker_too(empty_record):
    answered(empty_record, ("kannel", "danger"), ("twilio", "danger again"))
    with empty_record.reading() as connection:
        assert [(one.address, one.messages) for one in alert_store.listed(connection, NOW)] == [(ADA, 2)]


def test_whoever_writes_too_much_does_so_on_both_together(empty_record):
    half = throttle.LIMIT // 2
    by_each = [(channel, f"{channel} {n}") for n in range(half + 1) for channel in ("kannel", "twilio")]
    said = [text for _, text in answered(empty_record, *by_each)]
    assert said.count("slow down") == 1
    assert len(said) == throttle.LIMIT + 1


def test_stop_by_one_gateway_holds_for_the_other(empty_record):
    with empty_record.writing() as connection:
        identities.stop(connection, Address.on("kannel", ADA.value), NOW)
        assert identities.opted_out(connection, Address.on("twilio", ADA.value))
