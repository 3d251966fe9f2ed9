"""What a member of staff may see: the groups of their office, and the people who are or were in them.

Every page of staff starts with one of these functions; nothing else turns an id or a reference from a page into a row.
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


def group_ids(user: Member) -> Select:
    """Return a query for the ids of the member's groups."""
    return select(programme_group.c.id).where(programme_group.c.office_id == user.office_id)


def participant_ids(user: Member) -> Select:
    """Return a query for the ids of the people of the member's groups."""
    return select(enrolment.c.participant_id).where(enrolment.c.group_id.in_(group_ids(user)))


def participants(connection: Connection, user: Member) -> set[int]:
    """Return the ids of the people of the member's groups."""
    return set(connection.execute(participant_ids(user)).scalars())


def offices_of(connection: Connection, participant_id: int) -> set[int]:
    """Return the ids of the offices of the groups that a participant is or was in."""
    query = select(programme_group.c.office_id).join(enrolment, enrolment.c.group_id == programme_group.c.id)
    return set(connection.execute(query.where(enrolment.c.participant_id == participant_id)).scalars())


def group_in_scope(connection: Connection, user: Member, id_: int) -> int:
    """Return the id of one of the member's groups."""
    return _one(connection, group_ids(user).where(programme_group.c.id == id_))


def participant_in_scope(connection: Connection, user: Member, id_: int) -> int:
    """Return the id of one of the member's people."""
    return _one(
        connection, select(participant.c.id).where(participant.c.id == id_, participant.c.id.in_(participant_ids(user)))
    )


def session_in_scope(connection: Connection, user: Member, id_: int) -> int:
    """Return the id of a session of one of the member's groups."""
    return _one(connection, select(session.c.id).where(session.c.id == id_, session.c.group_id.in_(group_ids(user))))


def report_in_scope(connection: Connection, user: Member, id_: int) -> int:
    """Return the id of an absence report about a session of one of the member's groups."""
    query = select(absence_report.c.id).join(session, session.c.id == absence_report.c.session_id)
    return _one(connection, query.where(absence_report.c.id == id_, session.c.group_id.in_(group_ids(user))))


def _one(connection: Connection, query: Select) -> int:
    found = connection.execute(query).scalar()
    if found is None:
        raise NotInScopeError
    return int(found)
