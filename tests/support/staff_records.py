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


def row(staff_site, query):
    with staff_site.record.reading() as connection:
        return connection.execute(query).first()


def session_of(staff_site, group, number):
    from bot.records.sessions.tables import programme_group

    query = select(session.c.id).join(programme_group, programme_group.c.id == session.c.group_id)
    return row(staff_site, query.where(programme_group.c.name == group, session.c.number == number)).id


def person(staff_site, reference):
    with staff_site.record.reading() as connection:
        return repository.participant_id(connection, reference)


def enrolment_of(staff_site, reference):
    return row(staff_site, select(enrolment.c.id).where(enrolment.c.participant_id == person(staff_site, reference))).id


def audited(staff_site, action):
    with staff_site.record.reading() as connection:
        query = select(audit_entry).where(audit_entry.c.action == action).order_by(audit_entry.c.id)
        return connection.execute(query).all()


def raised(staff_site, topic="crisis", channel="twilio", address="+447700900555", minutes=5, person=None):
    with staff_site.record.writing() as connection:
        alert_store.put(
            connection, topic, Address.on(channel, address), staff_site.now - timedelta(minutes=minutes), person
        )


def linked(staff_site, reference, address="sms:+447700900555"):
    with staff_site.record.writing() as connection:
        code = identities.issue_code(connection, person(staff_site, reference), "test", NOW)
        identities.link(connection, Address.parse(address), code.replace("-", ""), NOW)
        identities.choose_pin(connection, Address.parse(address), "580417", NOW, timedelta(minutes=5))


def outcome(staff_site, reference, number):
    found = row(
        staff_site,
        select(attendance.c.outcome).where(
            attendance.c.enrolment_id == enrolment_of(staff_site, reference),
            attendance.c.session_id == session_of(staff_site, "Evening A", number),
        ),
    )
    return found.outcome if found else None
