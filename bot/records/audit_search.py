"""Searching the audit trail: what a member's colleagues did, and what was done about the member's people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.records import audit
from bot.records.enums import Role
from bot.records.participants import repository
from bot.records.staff import members, scope
from bot.records.staff.members import Member
from bot.records.tables import audit_entry

SIZE = 50
"""How many entries are shown at a time."""


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are searched for; None stands for any."""

    actor: str | None = None
    action: str | None = None
    reference: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class AuditEntry:
    """One entry, with the name of the participant it is about."""

    at: datetime
    by: str
    """The actor: a member of staff, a participant, the service, or somebody at the command line."""
    action: str
    participant_id: int | None
    name: str
    detail: str


def search(connection: Connection, user: Member, criteria: AuditFilter, page: int) -> tuple[list[AuditEntry], int]:
    """Return one page of entries, the newest first, and how many there are."""
    query = select(audit_entry).where(_theirs(connection, user), *_matching(connection, criteria))
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    newest = query.order_by(audit_entry.c.at.desc(), audit_entry.c.id.desc())
    rows = connection.execute(newest.limit(SIZE).offset((page - 1) * SIZE)).all()
    people = {row.participant_id for row in rows if row.participant_id is not None}
    called = {id_: repository.preferred_name(connection, id_) or "" for id_ in people}
    return [_entry(row, called) for row in rows], int(total)


def actions(connection: Connection) -> list[str]:
    """Return every kind of entry that there is."""
    return sorted(connection.execute(select(audit_entry.c.action).distinct()).scalars())


def colleagues(connection: Connection, user: Member) -> list[Member]:
    """Return the members of the same office."""
    return [member for member in members.members(connection) if member.office_id == user.office_id]


def _theirs(connection: Connection, user: Member) -> "ColumnElement[Any]":
    actors = [member.actor for member in colleagues(connection, user)]
    about_nobody = audit_entry.c.participant_id.is_(None)
    # Alerts from numbers that nobody has linked are everybody's, and so is what the service did about them.
    theirs = or_(
        audit_entry.c.participant_id.in_(scope.participant_ids(user)),
        audit_entry.c.actor.in_(actors),
        about_nobody & (audit_entry.c.actor == audit.SERVICE),
    )
    if not user.may(Role.ADMINISTRATOR):
        return theirs
    # What was done from the command line, about no person: imports, keys, members added.
    return or_(theirs, about_nobody & audit_entry.c.actor.like("os:%"))


def _matching(connection: Connection, criteria: AuditFilter) -> list["ColumnElement[Any]"]:
    found = []
    if criteria.actor:
        found.append(audit_entry.c.actor == criteria.actor)
    if criteria.action:
        found.append(audit_entry.c.action == criteria.action)
    if criteria.reference:
        # Nobody has the id -1: a reference that is not known finds nothing.
        person = repository.participant_id(connection, criteria.reference)
        found.append(audit_entry.c.participant_id == (-1 if person is None else person))
    if criteria.since:
        found.append(audit_entry.c.at >= criteria.since)
    if criteria.before:
        found.append(audit_entry.c.at < criteria.before)
    return found


def _entry(row: Any, called: dict[int, str]) -> AuditEntry:
    return AuditEntry(row.at, row.actor, row.action, row.participant_id, called.get(row.participant_id, ""), row.detail)
