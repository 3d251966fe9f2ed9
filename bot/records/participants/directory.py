"""The people of a member's groups: listed, searched, and one as a whole."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import LargeBinary, func, select, type_coerce
from sqlalchemy.engine import Connection

from bot.database.columns import keyring_of
from bot.database.keyring import Keyring
from bot.records.access.tables import pin
from bot.records.attendance.tables import attendance
from bot.records.enums import AttendanceKind, Outcome
from bot.records.participants import repository
from bot.records.participants.participant_record import ParticipantRecord
from bot.records.participants.references import folded
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions.tables import programme_group
from bot.records.staff import scope
from bot.records.staff.members import Member

_MISSED = [outcome.value for outcome in Outcome if outcome.kind is AttendanceKind.MISSED]


@dataclass(frozen=True)
class ParticipantRow:
    """One person in a list."""

    id: int
    reference: str
    name: str
    groups: tuple[tuple[str, str], ...]
    """Each group with the state of the enrolment, in the order of joining."""
    missed: int


SORTED: dict[str, Callable[[ParticipantRow], tuple[object, ...]]] = {
    "reference": lambda line: (folded(line.reference),),
    "name": lambda line: (line.name.casefold(), folded(line.reference)),
    "group": lambda line: (line.groups[-1][0].casefold(), line.name.casefold()),
    "missed": lambda line: (-line.missed, line.name.casefold()),
}
"""What a list can be sorted by."""


def listed(connection: Connection, user: Member, sort: str = "reference") -> list[ParticipantRow]:
    """Return the member's people. References and names are encrypted: sorting them takes reading them all."""
    query = (
        select(
            participant.c.id,
            type_coerce(participant.c.reference, LargeBinary).label("reference"),
            type_coerce(participant.c.preferred_name, LargeBinary).label("name"),
            enrolment.c.status,
            programme_group.c.name.label("group"),
        )
        .join(enrolment, enrolment.c.participant_id == participant.c.id)
        .join(programme_group, programme_group.c.id == enrolment.c.group_id)
        .where(programme_group.c.office_id == user.office_id)
        .order_by(enrolment.c.from_date, enrolment.c.id)
    )
    keyring = keyring_of(connection.dialect)
    groups: dict[int, list[tuple[str, str]]] = defaultdict(list)
    names: dict[int, tuple[str, str]] = {}
    for row in connection.execute(query):
        groups[row.id].append((row.group, row.status))
        names[row.id] = (_read(keyring, bytes(row.reference)), _read(keyring, bytes(row.name)))
    missed = _missed(connection, user)
    lines = [ParticipantRow(id_, *names[id_], tuple(own), missed.get(id_, 0)) for id_, own in groups.items()]
    return sorted(lines, key=SORTED[sort])


def search(connection: Connection, user: Member, text: str) -> list[ParticipantRow]:
    """Return the member's people whose reference or name holds ``text``."""
    wanted, as_reference = text.strip().casefold(), folded(text)
    found = listed(connection, user)
    return [
        line
        for line in found
        if (as_reference and as_reference in folded(line.reference)) or wanted in line.name.casefold()
    ]


def reference(connection: Connection, person: int) -> str:
    """Return a person's reference."""
    return str(connection.execute(select(participant.c.reference).where(participant.c.id == person)).scalar_one())


def load_participant(connection: Connection, user: Member, person: int) -> ParticipantRecord:
    """Return a person's record, as far as it is about the member's groups."""
    found = repository.load_participant(connection, person)
    if found is None:
        raise scope.NotInScopeError
    own = select(enrolment.c.id).where(enrolment.c.group_id.in_(scope.group_ids(user)))
    ids = set(connection.execute(own.where(enrolment.c.participant_id == person)).scalars())
    return replace(found, enrolments=tuple(e for e in found.enrolments if e.id in ids))


def pin_state(connection: Connection, person: int, now: datetime) -> str:
    """Return "none", "set", "waiting" after wrong tries, or "locked"."""
    row = connection.execute(select(pin).where(pin.c.participant_id == person)).first()
    if row is None or row.hash is None:
        return "none"
    if row.locked:
        return "locked"
    return "waiting" if row.wait_until and now < row.wait_until else "set"


@lru_cache(maxsize=100_000)
def _read(keyring: Keyring, token: bytes) -> str:
    """Decrypt, and remember: a thousand people are read for every page of a list, and that is most of its time."""
    return keyring.decrypt(token)


def _missed(connection: Connection, user: Member) -> dict[int, int]:
    query = (
        select(enrolment.c.participant_id, func.count())
        .join(attendance, attendance.c.enrolment_id == enrolment.c.id)
        .where(enrolment.c.group_id.in_(scope.group_ids(user)), attendance.c.outcome.in_(_MISSED))
        .group_by(enrolment.c.participant_id)
    )
    return dict(map(tuple, connection.execute(query)))
