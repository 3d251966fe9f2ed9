"""What is kept, for how long, and that nothing of a person removed is left in any table."""

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.alerts import alert_store, alert_workflow
from bot.alerts.tables import alert
from bot.conversation.tables import conversation_state
from bot.messages import Address, Arrival, OutboundMessage
from bot.messaging import inbox, outbox
from bot.messaging.tables import inbox as inbox_table
from bot.records.access import identities
from bot.records.access.tables import channel_identity, former_identity, opt_out
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.participants.tables import enrolment
from bot.records.sessions.tables import session
from bot.records.staff.tables import staff_session
from bot.retention.all_tables import metadata
from bot.retention.erase import erase
from bot.retention.export import export
from bot.retention.holdings import HOLDINGS, Erasure, Period
from bot.retention.purge import Periods, purge_expired
from bot.review import feedback
from bot.review.tables import question_stat
from bot.settings import ROOT

START = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
NUMBER, CHAT = "+447700900871", "5550871"
WORDS = "a sentence that nobody else wrote"
DAY = timedelta(days=1)


def document():
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs" / "reference" / "tables.md").read_text("utf-8"),
        re.M,
    )
    return {name: (period.strip(), erasure.strip()) for name, period, erasure in rows}


def test_every_table_has_a_period_and_an_erasure_and_is_documented():
    periods = {Period.LIFE: "its own end"}
    erasures = {
        Erasure.CASCADE: "goes with the person",
        Erasure.ADDRESS: "by address",
        Erasure.CUT_OUT: "stays without the person",
        Erasure.NOBODY: "about nobody",
    }
    assert set(HOLDINGS) == set(metadata.tables)
    assert document() == {
        name: (periods.get(held.period, held.period.value), erasures[held.erasure]) for name, held in HOLDINGS.items()
    }


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_a_table_goes_with_the_person_if_and_only_if_it_points_to_them(name):
    """What cascades from a participant, directly or through another table, says so in the list."""
    pointing = {"participant"}
    for table in metadata.sorted_tables:
        keys = [key for key in table.foreign_keys if key.ondelete == "CASCADE"]
        if any(key.column.table.name in pointing for key in keys):
            pointing.add(table.name)
    expected = name in pointing and name not in ("alert", "alert_step", "duty_text")  # found by address as well
    assert (HOLDINGS[name].erasure is Erasure.CASCADE) == expected


def everything(record):
    """Every value of every row, decrypted, as one text."""
    with record.reading() as connection:
        return "\n".join(
            f"{table.name}: {dict(row)}"
            for table in metadata.sorted_tables
            for row in connection.execute(select(table)).mappings()
        )


@pytest.fixture
def person(empty_record):
    """Somebody with a whole life in the database: before the link, while linked, after it, on two channels."""
    from bot.records import demo

    with empty_record.writing() as connection:
        demo.fill(connection, "isotp", START)
        id_ = repository.participant_id(connection, "DEMO-05")
        now = START
        alert_store.put(connection, "crisis", Address.on("kannel", NUMBER), now)  # before anybody knew who it was
        mail(connection, "before", now, "sms", "kannel", NUMBER)
        link(connection, id_, f"sms:{NUMBER}", now)
        mail(connection, "while", now, "sms", "kannel", NUMBER)
        alert_store.put(connection, "threat", Address.on("kannel", NUMBER), now, id_)
        identities.keep_question(connection, Address.parse(f"sms:{NUMBER}"), WORDS)
        identities.unlink(connection, Address.parse(f"sms:{NUMBER}"), now)
        mail(connection, "after", now, "sms", "kannel", NUMBER)
        identities.stop(connection, Address.parse(f"sms:{NUMBER}"), now)
        link(connection, id_, f"telegram:{CHAT}", now)
        mail(connection, "chat", now, "telegram", "telegram", CHAT)
        link(connection, id_, "screen:a-visit", now)
        alert_store.put(connection, "crisis", Address.on("screen", "screen:a-visit"), now)
        own = connection.execute(select(enrolment).where(enrolment.c.participant_id == id_)).first()
        first = connection.execute(select(session.c.id).where(session.c.group_id == own.group_id)).scalars().first()
        repository.report_absence(connection, own.id, first, WORDS, now)
    return id_


def mail(connection, name, now, kind, gateway, address):
    inbox.store(connection, Arrival(gateway, name, Address.on(gateway, address), WORDS), now)
    outbox.put(connection, gateway, Address.on(gateway, address), [OutboundMessage(WORDS)], now)
    row = {"conversation_hash": f"{kind}:{address}", "state": WORDS, "updated_at": now}
    if not connection.execute(
        select(conversation_state).where(conversation_state.c.conversation_hash == f"{kind}:{address}")
    ).first():
        connection.execute(conversation_state.insert().values(**row))


def link(connection, id_, address, now):
    code = identities.issue_code(connection, id_, "test", now)
    identities.link(connection, Address.parse(address), code.replace("-", ""), now)


def test_req_53_of_a_person_removed_nothing_is_left_in_any_table(empty_record, person):
    before = everything(empty_record)
    for own in (NUMBER, CHAT, "screen:a-visit", WORDS, "DEMO-05"):
        assert own in before
    with empty_record.writing() as connection:
        erase(connection, person, "test", START)
    after = everything(empty_record)
    for own in (NUMBER, CHAT, "screen:a-visit", WORDS, "DEMO-05"):
        assert own not in after, [line for line in after.splitlines() if own in line]
    assert "DEMO-06" in after, "everybody else stays"


def test_what_somebody_else_wrote_from_the_same_number_stays(empty_record, person):
    with empty_record.writing() as connection:
        other = repository.participant_id(connection, "DEMO-06")
        later = START + DAY
        link(connection, other, f"sms:{NUMBER}", later)
        mail(connection, "the next owner", later + DAY, "sms", "kannel", NUMBER)
        alert_store.acknowledge(connection, 1, "test", later)
        alert_store.put(connection, "crisis", Address.on("kannel", NUMBER), later + DAY)
        erase(connection, person, "test", later + 2 * DAY)
        kept = connection.execute(select(inbox_table.c.provider_id)).scalars().all()
        raised = connection.execute(select(alert.c.raised_at).where(alert.c.address == alert.c.address)).scalars().all()
    assert kept == ["the next owner"]
    assert raised == [later + DAY]


def test_req_53_the_export_has_every_table_that_is_about_the_person(empty_record, person):
    with empty_record.writing() as connection:
        found = export(connection, person)
        other = export(connection, repository.participant_id(connection, "DEMO-06"))
    assert {"participant", "enrolment", "attendance", "channel_identity", "former_identity", "inbox", "outbox"} <= set(
        found
    )
    assert {"alert", "absence_report", "opt_out", "conversation_state", "audit_entry"} <= set(found)
    assert found["participant"][0]["reference"] == "DEMO-05"
    assert {row["text"] for row in found["inbox"]} == {WORDS}
    assert [row["topic"] for row in found["alert"]] == ["crisis", "threat", "crisis"]
    assert found["absence_report"][0]["session_number"] == 1
    text = json.dumps(found)
    assert "hash" not in text
    assert WORDS not in json.dumps(other)
    assert NUMBER not in json.dumps(other)


def test_a_visit_that_was_left_is_not_listed_and_is_ended(empty_record):
    from bot.records import demo

    with empty_record.writing() as connection:
        demo.fill(connection, "isotp", START)
        id_ = repository.participant_id(connection, "DEMO-05")
        for address in ("screen:a-visit", f"sms:{NUMBER}"):
            link(connection, id_, address, START)
            if address.startswith("screen"):
                identities.choose_pin(connection, Address.parse(address), "580417", START, timedelta(minutes=2))
            else:
                identities.enter_pin(connection, Address.parse(address), "580417", START, timedelta(minutes=2))
        later = START + timedelta(minutes=3)
        assert [c for c, _ in identities.links(connection, id_, START)] == ["screen", "sms"]
        assert [c for c, _ in identities.links(connection, id_, later)] == ["sms"]
        assert purge_expired(connection, later, Periods())["channel_identity"] == 1
        assert connection.execute(select(channel_identity.c.address)).scalars().all() == [f"sms:{NUMBER}"]


def test_req_37_everything_with_a_period_is_gone_after_it(empty_record, person):
    periods = Periods(timedelta(days=30), timedelta(days=60), timedelta(days=90))
    with empty_record.writing() as connection:
        feedback.note(connection, START, "screen", "missed_session", True)
        week = {"week": START.date(), "channel": "sms", "outcome": "answered"}
        connection.execute(question_stat.insert().values(**week))
        for id_ in connection.execute(select(alert.c.id)).scalars().all()[1:]:
            alert_store.acknowledge(connection, id_, "test", START)
            alert_workflow.close(connection, id_, "test", "false_alarm", "A note.", START)
        purge_expired(connection, START + 29 * DAY, periods)
        left = filled(connection)
        assert {
            "inbox",
            "outbox",
            "conversation_state",
            "alert",
            "feedback",
            "asked",
            "audit_entry",
            "former_identity",
        } <= left
        purge_expired(connection, START + 31 * DAY, periods)
        assert filled(connection) == left - {"inbox", "outbox", "conversation_state", "link_code"}
        purge_expired(connection, START + 61 * DAY, periods)
        assert connection.execute(select(alert.c.acknowledged_at)).scalars().all() == [None], "an open alert stays"
        assert former(connection) == ["screen:a-visit"], "which ended a day after it was linked, by itself"
        purge_expired(connection, START + 91 * DAY, periods)
        assert not filled(connection) & {"feedback", "asked", "audit_entry", "former_identity"}
        assert connection.execute(select(opt_out.c.address)).scalars().all() == [f"sms:{NUMBER}"], "STOP holds for good"


def filled(connection):
    return {t.name for t in metadata.sorted_tables if connection.execute(select(t).limit(1)).first()}


def former(connection):
    return connection.execute(select(former_identity.c.address)).scalars().all()


def test_a_session_of_staff_that_has_expired_is_gone(empty_record):
    from bot.records.enums import Role
    from bot.records.staff import login_sessions, members

    with empty_record.writing() as connection:
        given = (
            "Sam Example",
            "sam@example.org",
            Role.MANAGER,
            "a long enough password",
            "Example office",
            "test",
            START,
        )
        login_sessions.begin(connection, "token", members.member(connection, members.add(connection, *given)), START)
        assert connection.execute(select(staff_session)).first()
        purge_expired(connection, START + 2 * DAY, Periods())
        assert connection.execute(select(staff_session)).first() is None
