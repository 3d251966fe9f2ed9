"""What is in the record already, found by the names that the files use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database.columns import keyring_of
from bot.records import offices
from bot.records.enums import ScheduleOption
from bot.records.importing.cells import CellError
from bot.records.participants.references import folded
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions.tables import programme_group, session
from bot.text.typed import compared

T = TypeVar("T")


class DependentRowError(Exception):
    """A row cannot be used because of a problem in another file, which is reported there."""


key = lru_cache(maxsize=20_000)(folded)
"""What a reference is found by; a file names the same people again and again."""


@dataclass(frozen=True)
class Timed:
    """A session, and when it is."""

    id: int
    starts_at: datetime
    ends_at: datetime


class ReferenceIndex:
    """What is in the database already or came with an earlier file, found by the names that the files use.

    Names of groups are compared without case, references as :func:`bot.records.participants.references.folded` says.
    """

    def __init__(self, connection: Connection, only_office: int | None = None) -> None:
        """Start with the groups; the rest is read when it is asked for.

        With ``only_office``, nothing that is another office's is taken for known, nor changed.
        """
        self._connection = connection
        self._only = only_office
        self._not_theirs: set[str] = set()
        self._new: set[str] = set()
        self._groups: dict[str, int] = {}
        self._alike: dict[str, list[str]] = {}  # what a name is compared by -> the names
        self._options: dict[int, ScheduleOption] = {}
        self._offices: dict[str, int] = {}  # group -> office
        self._sessions: dict[int, dict[int, Timed]] = {}
        self._enrolments: dict[int, dict[int, int]] = {}  # participant -> group -> enrolment
        self.people: dict[str, int] = {}  # folded reference -> participant
        self._spellings: dict[str, str] = {}  # folded reference -> the reference in the record
        # What an earlier file should have brought and did not, told there already: not to be told again.
        self.failed_groups: set[str] = set()
        self.failed_sessions: set[tuple[str, str]] = set()
        self.failed_people: set[str] = set()
        self.unusable: set[str] = set()
        self.read_groups()

    def read_groups(self) -> None:
        """Read the groups anew, after their file."""
        rows = self._connection.execute(select(programme_group)).all()
        self._groups = {row.name: row.id for row in rows}
        self._options = {row.id: ScheduleOption(row.option) for row in rows}
        self._offices = {row.name: row.office_id for row in rows if row.office_id is not None}
        self._alike = {}
        for row in rows:
            self._alike.setdefault(compared(row.name), []).append(row.name)

    def recorded_group(self, name: str) -> str | None:
        """Return what the group called ``name`` is called in the record; None where there is none."""
        alike = self._alike.get(compared(name), [])
        if name in alike or not alike:
            return name if alike else None
        if len(alike) > 1:
            raise CellError(f"group is {name!r}: expected {' or '.join(map(repr, alike))}, both of the record")
        return alike[0]

    def option(self, group: int) -> ScheduleOption:
        """Return a group's option."""
        return self._options[group]

    def office(self, group: str, name: str) -> int:
        """Return the id of the office that a group is said to have: unnamed, the one it has, else the main office."""
        has = self._offices.get(group)
        if self._only is None:
            return has if has is not None and not name else offices.ensure(self._connection, name or offices.DEFAULT)
        own = offices.name(self._connection, self._only)
        if has not in (None, self._only) or (name and compared(name) != compared(own)):
            raise CellError(f"group {group!r} belongs to another office: expected one of yours, or a new one")
        return self._only

    def group(self, name: str) -> int:
        """Return the id of the group called ``name``."""
        recorded, has_failed = self.recorded_group(name), compared(name) in self.failed_groups
        if recorded is not None and not has_failed:
            if self._only not in (None, self._offices.get(recorded)):
                raise CellError(f"group {name!r} belongs to another office: expected one of yours")
            return self._groups[recorded]
        if has_failed or "groups.csv" in self.unusable:
            raise DependentRowError
        raise CellError(f"group is {name!r}: expected one of groups.csv or of the database")

    def group_name(self, group: int | None) -> str:
        """Return what the group with the id ``group`` is called."""
        return next((name for name, id_ in self._groups.items() if id_ == group), "")

    def session(self, group: int, number: int) -> Timed:
        """Return a group's session."""
        if group not in self._sessions:
            columns = (session.c.number, session.c.id, session.c.starts_at, session.c.ends_at)
            rows = self._connection.execute(select(*columns).where(session.c.group_id == group))
            self._sessions[group] = {row.number: Timed(row.id, row.starts_at, row.ends_at) for row in rows}
        if number in self._sessions[group]:
            return self._sessions[group][number]
        name = self.group_name(group)
        if (compared(name), str(number)) in self.failed_sessions or "sessions.csv" in self.unusable:
            raise DependentRowError
        raise CellError(f"group {name!r} has no session {number}: expected one of sessions.csv or of the database")

    def person(self, reference: str) -> int:
        """Return the id of the participant with ``reference``, once looked up."""
        self.check(reference)
        found = self.people.get(key(reference))
        if found is not None:
            return found
        if key(reference) in self.failed_people or "participants.csv" in self.unusable:
            raise DependentRowError
        raise CellError(f"reference is {reference!r}: expected one of participants.csv or of the database")

    def check(self, reference: str) -> None:
        """Raise CellError where ``reference``, once looked up, is a person of another office alone."""
        if key(reference) in self._not_theirs:
            raise CellError(f"reference {reference!r} is in use: expected one of your people, or another for a new one")

    def spelling(self, reference: str) -> str | None:
        """Return how a reference that was looked up is written in the record; None for a new one."""
        return self._spellings.get(key(reference))

    def enrolment(self, reference: str, group: str) -> tuple[int, int]:
        """Return the enrolment that is meant, and its group."""
        own = self._enrolments.get(self.person(reference), {})
        if group:
            wanted = self.group(group)
            if wanted in own:
                return own[wanted], wanted
            if key(reference) in self.failed_people:
                raise DependentRowError
            raise CellError(f"{reference!r} is not in group {group!r}: expected a group of participants.csv")
        if len(own) == 1:
            ((only, enrolment_id),) = own.items()
            return enrolment_id, only
        if not own:
            raise DependentRowError  # only possible where the person's row in participants.csv failed
        raise CellError(f"group is empty: expected one, since {reference!r} is in {len(own)} groups")

    def look_up_people(self, wanted: Iterable[str]) -> None:
        """Read the ids of those not known yet, all at once."""
        new = {key(reference) for reference in wanted} - self.people.keys() - {""}
        keyring, digest = keyring_of(self._connection.dialect), participant.c.reference_hash.type.digest
        by_hash = {digest(keyring, reference): reference for reference in new}
        columns = (participant.c.id, participant.c.reference_hash, participant.c.reference)
        for part in chunks(by_hash.values(), 500):
            query = select(*columns).where(participant.c.reference_hash.in_(part))
            for row in self._connection.execute(query):
                reference = by_hash[bytes(row.reference_hash)]
                self.people[reference] = row.id
                self._spellings[reference] = row.reference
        if self._only is not None:
            self._look_whose(new)

    def _look_whose(self, references: set[str]) -> None:
        """Note which people are another office's; somebody who was not there before this import is nobody's yet."""
        own = select(enrolment.c.participant_id).join(programme_group, programme_group.c.id == enrolment.c.group_id)
        theirs = set(self._connection.execute(own.where(programme_group.c.office_id == self._only)).scalars())
        for reference in references:
            if reference not in self.people:
                self._new.add(reference)
            elif reference not in self._new and self.people[reference] not in theirs:
                self._not_theirs.add(reference)

    def look_up_enrolments(self, wanted: Iterable[str]) -> None:
        """Read the people and enrolments not known yet, all at once."""
        references = set(wanted)
        self.look_up_people(references)
        ids = {self.people.get(key(reference)) for reference in references} - {None}
        for part in chunks(ids - self._enrolments.keys(), 500):
            query = select(enrolment.c.id, enrolment.c.participant_id, enrolment.c.group_id)
            for row in self._connection.execute(query.where(enrolment.c.participant_id.in_(part))):
                self._enrolments.setdefault(row.participant_id, {})[row.group_id] = row.id


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``items`` in lists of ``size``, the last one as long as it comes."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk
