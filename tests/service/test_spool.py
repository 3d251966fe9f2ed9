"""Alerts that wait for the database: on the disk at once, whatever the database is doing."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.alerts.alert_journal import AlertJournal, PendingAlert
from bot.alerts.tables import alert
from bot.messages import Address
from tests.support.faults import write_lock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@contextmanager
def nothing_can_be_written(database):
    if database.engine.dialect.name == "sqlite":
        with write_lock(make_url(str(database.engine.url)).database):
            yield
    else:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE alert IN ACCESS EXCLUSIVE MODE")
            yield


def raised(address):
    return PendingAlert.all(["crisis"], Address.on("kannel", address), NOW)


def kept(database):
    with database.reading() as connection:
        return sorted(connection.execute(select(alert.c.address)).scalars())


def test_an_alert_is_on_the_disk_at_once_though_others_are_waiting_for_the_database(empty_record, tmp_path):
    journal = AlertJournal(tmp_path / "spool", empty_record.keyring)
    journal.append(raised("+447700900001"))
    draining = threading.Thread(target=journal.drain, args=(empty_record,), daemon=True)
    with nothing_can_be_written(empty_record):
        draining.start()
        time.sleep(0.5)
        later = threading.Thread(target=journal.append, args=(raised("+447700900002"),), daemon=True)
        later.start()
        later.join(1)
        assert not later.is_alive(), "it waits for the database, which is what the journal is there to spare it"
        assert journal.count() == 2
    draining.join(20)
    assert kept(empty_record) == ["+447700900001"]
    assert journal.count() == 1, "what came meanwhile is left for the next time"
    assert journal.drain(empty_record) == 1
    assert kept(empty_record) == ["+447700900001", "+447700900002"]


def test_two_that_take_alerts_into_the_database_at_once_take_each_once(empty_record, tmp_path):
    file = tmp_path / "spool"
    first, second = AlertJournal(file, empty_record.keyring), AlertJournal(file, empty_record.keyring)
    first.append(raised("+447700900001"))
    taken = []
    with nothing_can_be_written(empty_record):
        both = [threading.Thread(target=lambda s=s: taken.append(s.drain(empty_record))) for s in (first, second)]
        for one in both:
            one.start()
        time.sleep(0.5)
    for one in both:
        one.join(20)
    assert sorted(taken) == [0, 1]
    assert kept(empty_record) == ["+447700900001"]
