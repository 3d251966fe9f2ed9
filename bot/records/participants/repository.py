"""Reads people and their record from the database, and gives them out as plain values."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.attendance.tables import absence_report, attendance, catch_up
from bot.records.enums import AppointmentKind, Outcome, ScheduleOption, Status
from bot.records.participants.participant_record import (
    Absence,
    Appointment,
    CatchUpSession,
    Enrolment,
    ParticipantRecord,
    Session,
)
from bot.records.participants.tables import appointment, enrolment, participant
from bot.records.sessions.tables import block, programme, programme_group, session


def participant_id(connection: Connection, reference: str) -> int | None:
    """Return the id of the participant with ``reference``, or None."""
    query = select(participant.c.id).where(participant.c.reference_hash == reference)
    found: int | None = connection.execute(query).scalar()
    return found


def references(connection: Connection) -> Iterator[tuple[str, str, list[str]]]:
    """Yield every participant's reference, preferred name and the names of their groups, present and past."""
    columns = (participant.c.id, participant.c.reference, participant.c.preferred_name, programme_group.c.name)
    query = (
        select(*columns)
        .outerjoin(enrolment, enrolment.c.participant_id == participant.c.id)
        .outerjoin(programme_group, programme_group.c.id == enrolment.c.group_id)
        .order_by(participant.c.id, enrolment.c.from_date, enrolment.c.id)
    )
    for _, rows in groupby(connection.execute(query).yield_per(1000), key=lambda row: row.id):
        own = list(rows)
        yield own[0].reference, own[0].preferred_name, [row.name for row in own if row.name]


def load_participant(connection: Connection, participant: int) -> ParticipantRecord | None:
    """Return the whole record of one person; None where there is no such person (any more)."""
    person = preferred_name(connection, participant)
    if person is None:
        return None
    groups = _enrolments(connection, participant)
    limits = _limits(connection, groups)
    return ParticipantRecord(participant, person, *limits, tuple(groups), tuple(_appointments(connection, participant)))


def is_empty(connection: Connection) -> bool:
    """Tell whether nothing was ever put into the record."""
    tables = (participant, programme_group, absence_report)
    return all(connection.execute(select(func.count()).select_from(t)).scalar() == 0 for t in tables)


def report_absence(
    connection: Connection, enrolment_id: int, session_id: int, words: str, now: datetime, reason: str | None = None
) -> None:
    """Note for staff that a person says they can't come: pending, and nothing decided. The latest words count."""
    own = (absence_report.c.enrolment_id == enrolment_id) & (absence_report.c.session_id == session_id)
    connection.execute(delete(absence_report).where(own & (absence_report.c.state == "pending")))
    if connection.execute(select(absence_report.c.id).where(own)).first():
        return  # decided already: what staff decided stands
    row = {"enrolment_id": enrolment_id, "session_id": session_id, "reported_at": now, "words": words, "reason": reason}
    connection.execute(insert(absence_report).values(**row))


def absence_reports(connection: Connection, participant: int) -> list[tuple[int, str, str]]:
    """Return the session number, the state and the words of each absence that a person reported."""
    query = (
        select(session.c.number, absence_report)
        .join_from(absence_report, session, session.c.id == absence_report.c.session_id)
        .join(enrolment, enrolment.c.id == absence_report.c.enrolment_id)
        .where(enrolment.c.participant_id == participant)
        .order_by(absence_report.c.reported_at)
    )
    return [
        (row.number, "withdrawn" if row.withdrawn_at else row.state, " … ".join(filter(None, (row.words, row.reason))))
        for row in connection.execute(query)
    ]


def remove(connection: Connection, participant_id: int, actor: str, now: datetime) -> None:
    """Erase a person: the row, and with it everything that points to it. The audit trail says that it was done."""
    connection.execute(delete(participant).where(participant.c.id == participant_id))
    audit.note(connection, now, actor, "participant removed")


def preferred_name(connection: Connection, id_: int) -> str | None:
    """Return what a participant is called; None where there is no such person (any more)."""
    name: str | None = connection.execute(select(participant.c.preferred_name).where(participant.c.id == id_)).scalar()
    return name


def _enrolments(connection: Connection, participant: int) -> list[Enrolment]:
    query = (
        select(enrolment, programme_group.c.name, programme_group.c.option, programme_group.c.venue)
        .join(programme_group, programme_group.c.id == enrolment.c.group_id)
        .where(enrolment.c.participant_id == participant)
        .order_by(enrolment.c.from_date, enrolment.c.id)
    )
    return [
        Enrolment(
            row.id,
            row.name,
            ScheduleOption(row.option),
            Status(row.status),
            row.from_date,
            row.to_date,
            tuple(_sessions(connection, row.id, row.group_id, row.venue)),
        )
        for row in connection.execute(query).all()
    ]


def _sessions(connection: Connection, enrolment_id: int, group_id: int, venue: str) -> list[Session]:
    own = (attendance.c.session_id == session.c.id) & (attendance.c.enrolment_id == enrolment_id)
    said = (absence_report.c.session_id == session.c.id) & (absence_report.c.enrolment_id == enrolment_id)
    report = (absence_report.c.reported_at, absence_report.c.reason, absence_report.c.withdrawn_at)
    query = (
        select(session, block.c.name.label("block"), attendance.c.outcome, *report)
        .join(block, block.c.id == session.c.block_id)
        .outerjoin(attendance, own)
        .outerjoin(absence_report, said)
        .where(session.c.group_id == group_id)
        .order_by(session.c.starts_at, session.c.number)
    )
    caught_up = _catch_ups(connection, enrolment_id, venue)
    return [
        Session(
            row.id,
            row.number,
            row.block,
            row.starts_at,
            row.ends_at,
            row.venue or venue,
            Outcome(row.outcome) if row.outcome else None,
            tuple(caught_up[row.id]),
            Absence(row.reported_at, bool(row.reason), bool(row.withdrawn_at)) if row.reported_at else None,
        )
        for row in connection.execute(query).all()
    ]


def _catch_ups(connection: Connection, enrolment_id: int, venue: str) -> dict[int, list[CatchUpSession]]:
    query = select(catch_up).where(catch_up.c.enrolment_id == enrolment_id).order_by(catch_up.c.starts_at)
    found: dict[int, list[CatchUpSession]] = defaultdict(list)
    for row in connection.execute(query):
        outcome = Outcome(row.outcome) if row.outcome else None
        found[row.session_id].append(CatchUpSession(row.starts_at, row.ends_at, row.venue or venue, outcome))
    return found


def _appointments(connection: Connection, participant: int) -> list[Appointment]:
    query = select(appointment).where(appointment.c.participant_id == participant).order_by(appointment.c.starts_at)
    return [
        Appointment(AppointmentKind(row.kind), row.starts_at, row.ends_at, row.venue)
        for row in connection.execute(query)
    ]


def _limits(connection: Connection, groups: list[Enrolment]) -> tuple[int, int]:
    """Return how many sessions the programme has, and how many may be missed."""
    query = select(programme.c.sessions, programme.c.allowed_misses).order_by(programme.c.id)
    if groups:
        query = query.join(programme_group).where(programme_group.c.name == groups[-1].group)
    row = connection.execute(query).first()
    return (row.sessions, row.allowed_misses) if row else (0, 0)
