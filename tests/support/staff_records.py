"""What the pages of staff read and write, looked up in the record itself."""

from datetime import timedelta

from sqlalchemy import select

from bot.alerts import alert_store
from bot.messages import Address
from bot.records.access import identities
from bot.records.attendance.tables import attendance
from bot.records.participants import repository
from bot.records.participants.tables import enrolment
from bot.records.sessions.tables import session
from bot.records.tables import audit_entry
from tests.support.staff_desk import NOW


def row(desk, query):
    with desk.record.reading() as connection:
        return connection.execute(query).first()


def session_of(desk, group, number):
    from bot.records.sessions.tables import programme_group

    query = select(session.c.id).join(programme_group, programme_group.c.id == session.c.group_id)
    return row(desk, query.where(programme_group.c.name == group, session.c.number == number)).id


def person(desk, reference):
    with desk.record.reading() as connection:
        return repository.participant_id(connection, reference)


def enrolment_of(desk, reference):
    return row(desk, select(enrolment.c.id).where(enrolment.c.participant_id == person(desk, reference))).id


def audited(desk, action):
    with desk.record.reading() as connection:
        query = select(audit_entry).where(audit_entry.c.action == action).order_by(audit_entry.c.id)
        return connection.execute(query).all()


def raised(desk, topic="crisis", channel="twilio", address="+447700900555", minutes=5, person=None):
    with desk.record.writing() as connection:
        alert_store.put(connection, topic, Address.on(channel, address), desk.now - timedelta(minutes=minutes), person)


def linked(desk, reference, address="sms:+447700900555"):
    with desk.record.writing() as connection:
        code = identities.issue_code(connection, person(desk, reference), "test", NOW)
        identities.link(connection, Address.parse(address), code.replace("-", ""), NOW)
        identities.choose_pin(connection, Address.parse(address), "580417", NOW, timedelta(minutes=5))


def outcome(desk, reference, number):
    found = row(
        desk,
        select(attendance.c.outcome).where(
            attendance.c.enrolment_id == enrolment_of(desk, reference),
            attendance.c.session_id == session_of(desk, "Evening A", number),
        ),
    )
    return found.outcome if found else None
