"""What is a member's to see: the groups of the office, and the people who are or were in them.

Whatever staff do begins with one of these; nothing else turns an id or a reference from a page into a row.
"""

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.records.attendance.tables import absence_report
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions.tables import programme_group, session
from bot.records.staff.members import Member


class NotInScopeError(Exception):
    """There is no such thing in the member's office; whether there is elsewhere is not told."""


def groups(who: Member) -> Select:
    """Return a query for the ids of the member's groups."""
    return select(programme_group.c.id).where(programme_group.c.office_id == who.office_id)


def people(who: Member) -> Select:
    """Return a query for the ids of the people of the member's groups."""
    return select(enrolment.c.participant_id).where(enrolment.c.group_id.in_(groups(who)))


def group(connection: Connection, who: Member, id_: int) -> int:
    """Return the id of one of the member's groups."""
    return _one(connection, groups(who).where(programme_group.c.id == id_))


def person(connection: Connection, who: Member, id_: int) -> int:
    """Return the id of one of the member's people."""
    return _one(connection, select(participant.c.id).where(participant.c.id == id_, participant.c.id.in_(people(who))))


def held(connection: Connection, who: Member, id_: int) -> int:
    """Return the id of a session of one of the member's groups."""
    return _one(connection, select(session.c.id).where(session.c.id == id_, session.c.group_id.in_(groups(who))))


def report(connection: Connection, who: Member, id_: int) -> int:
    """Return the id of an absence report about a session of one of the member's groups."""
    query = select(absence_report.c.id).join(session, session.c.id == absence_report.c.session_id)
    return _one(connection, query.where(absence_report.c.id == id_, session.c.group_id.in_(groups(who))))


def _one(connection: Connection, query: Select) -> int:
    found = connection.execute(query).scalar()
    if found is None:
        raise NotInScopeError
    return int(found)
