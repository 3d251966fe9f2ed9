"""What differs in a member's part of the record between two moments of a transaction: the preview of an import."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from bot.records.attendance.tables import attendance, catch_up
from bot.records.participants.participant_record import LOCAL
from bot.records.participants.tables import appointment, enrolment, participant
from bot.records.sessions.tables import programme_group, session
from bot.records.staff import scope
from bot.records.staff.members import Member

Snapshot = Mapping[str, Mapping[tuple[Any, ...], tuple[Any, ...]]]
"""By kind, then by what a row is found by, what stands in it."""
_KINDS = ("group", "session", "person", "enrolment", "outcome", "catch-up", "appointment")


@dataclass(frozen=True)
class Change:
    """One row that is new, changed or gone."""

    about: str
    was: str
    """Empty for a new row."""
    now: str
    """Empty for a row that is gone."""


def snapshot(connection: Connection, user: Member) -> Snapshot:
    """Return what there is of the member's office."""
    groups, people = scope.group_ids(user), scope.participant_ids(user)
    own = select(enrolment.c.id).where(enrolment.c.group_id.in_(groups))
    queries = {
        "group": (programme_group, programme_group.c.id.in_(groups), ["id"], ["option", "venue"]),
        "session": (session, session.c.group_id.in_(groups), ["group_id", "number"], ["starts_at", "ends_at", "venue"]),
        "person": (participant, participant.c.id.in_(people), ["id"], ["preferred_name"]),
        "enrolment": (
            enrolment,
            enrolment.c.group_id.in_(groups),
            ["participant_id", "group_id"],
            ["status", "from_date", "to_date"],
        ),
        "outcome": (attendance, attendance.c.enrolment_id.in_(own), ["enrolment_id", "session_id"], ["outcome"]),
        "catch-up": (
            catch_up,
            catch_up.c.enrolment_id.in_(own),
            ["enrolment_id", "session_id", "starts_at"],
            ["ends_at", "venue", "outcome"],
        ),
        "appointment": (
            appointment,
            appointment.c.participant_id.in_(people),
            ["participant_id", "kind", "starts_at"],
            ["ends_at", "venue"],
        ),
    }
    found = {}
    for kind, (table, wanted, key, values) in queries.items():
        rows = connection.execute(select(*(table.c[name] for name in [*key, *values])).where(wanted))
        found[kind] = {tuple(row[: len(key)]): tuple(row[len(key) :]) for row in rows}
    return found


def between(connection: Connection, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Yield what differs, in words; to be called while ``after`` is still what the transaction sees."""
    names = _Names(connection)
    for kind, key in _different(before, after):
        yield Change(names.of(kind, key), _said(before[kind].get(key)), _said(after[kind].get(key)))


def count(before: Snapshot, after: Snapshot) -> int:
    """Return how many rows differ."""
    return sum(1 for _ in _different(before, after))


def _different(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for kind in _KINDS:
        for key in sorted({*before[kind], *after[kind]}, key=str):
            if before[kind].get(key) != after[kind].get(key):
                yield kind, key


class _Names:
    """What ids stand for, read once for each that is asked about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, int], Row] = {}

    def of(self, kind: str, key: tuple[Any, ...]) -> str:
        """Return what a row is about."""
        if kind == "group":
            return f"Group {self._group(key[0])}"
        if kind == "session":
            return f"Session {key[1]} of {self._group(key[0])}"
        if kind == "person":
            return self._person(key[0])
        if kind == "enrolment":
            return f"{self._person(key[0])} in {self._group(key[1])}"
        if kind == "appointment":
            return f"{self._person(key[0])}, {str(key[1]).replace('_', ' ')}, {_plain(key[2])}"
        place = self._once("enrolment", key[0], lambda: self._row(enrolment, key[0]))
        number = self._once("session", key[1], lambda: self._row(session, key[1])).number
        about = f"{self._person(place.participant_id)}, session {number} of {self._group(place.group_id)}"
        return about if kind == "outcome" else f"{about}, catch-up {_plain(key[2])}"

    def _group(self, id_: int) -> str:
        return str(self._once("group", id_, lambda: self._row(programme_group, id_)).name)

    def _person(self, id_: int) -> str:
        return str(self._once("person", id_, lambda: self._row(participant, id_)).reference)

    def _row(self, table: Any, id_: int) -> Row:
        return self._connection.execute(select(table).where(table.c.id == id_)).one()

    def _once(self, kind: str, id_: int, read: Callable[[], Row]) -> Row:
        if (kind, id_) not in self._known:
            self._known[kind, id_] = read()
        return self._known[kind, id_]


def _said(values: tuple[Any, ...] | None) -> str:
    return ", ".join(_plain(value) for value in values or () if value not in (None, ""))


def _plain(value: Any) -> str:
    return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
