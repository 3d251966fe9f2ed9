"""Somebody who writes by two gateways for text messages is one person: one conversation, one opt-out, one alert."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bot.alerts import alert_store
from bot.alerts.tables import alert
from bot.messages import Address

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
