"""Writes a folder of CSV files into the record: all of it, or, where anything is wrong, nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.records.importing import cells
from bot.records.importing.cells import CellError
from bot.records.importing.known import Known, ToldAlreadyError, chunks
from bot.records.importing.sheets import SHEETS, Problems, Row, rows
from bot.records.outcomes import AppointmentKind, Option, Outcome, Status
from bot.records.programmes import Programme
from bot.records.tables import (
    appointment,
    attendance,
    block,
    catch_up,
    enrolment,
    participant,
    programme_group,
    session,
)

CHUNK = 2_000
"""Rows that are read, looked up and written at a time: what is in memory does not grow with the files."""
T = TypeVar("T")


@dataclass
class Imported:
    """How many rows of each file were taken, and what was wrong."""

    rows: dict[str, int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


class Import:
    """One import, in the caller's transaction: where :attr:`done` has problems, the caller has to roll back."""

    def __init__(
        self,
        connection: Connection,
        folder: Path,
        programme: Programme,
        advance: Callable[[int], object],
        only_office: int | None = None,
    ) -> None:
        """Read from ``folder``; ``advance`` is told how many characters were read.

        With ``only_office`` the files may touch nothing that belongs to another office.
        """
        self._connection = connection
        self._folder = folder
        self._programme = programme
        self._advance = advance
        self.done = Imported()
        self._known = Known(connection, only_office)

    def run(self) -> Imported:
        """Read and write every file that is there, in the order in which they build on one another."""
        readers = {
            "groups.csv": self._groups,
            "sessions.csv": self._sessions,
            "participants.csv": self._participants,
            "attendance.csv": self._attendance,
            "catch_ups.csv": self._catch_ups,
            "appointments.csv": self._appointments,
        }
        names = [sheet.name for sheet in SHEETS]
        present = [name for name in names if (self._folder / name).is_file()]
        if not present:
            self.done.problems.add(str(self._folder), 0, f"none of {', '.join(names)} is there")
        for file in sorted(self._folder.glob("*.csv")):
            if file.name not in names:
                self.done.problems.add(file.name, 1, f"not a file of an import: expected {', '.join(names)}")
        for name in present:
            readers[name](_Sheet(name, self._folder, self.done, self._known, self._advance))
        return self.done

    def _groups(self, sheet: "_Sheet") -> None:
        seen: dict[str, int] = {}
        for row in sheet.rows():
            # A second row of a group that was read well is wrong by itself: the group can still be named.
            on_failure = partial(self._known.failed_groups.add, row["group"])
            with sheet.row(row, on_failure if row["group"] not in seen else lambda: None):
                name = cells.text(row["group"], "group", 80)
                sheet.once(seen, name, f"group {name!r}")
                values = {
                    "programme_id": self._programme.id,
                    "name": name,
                    "option": cells.one_of(row["option"], "option", Option).value,
                    "venue": cells.text(row["venue"], "venue", 200),
                    "office_id": None,
                }
                place = cells.optional_text(row["office"], "office", 80)
                values["office_id"] = self._known.office(name, place)
                self._upsert(programme_group, [values], ["name"])
        self._known.read_groups()

    # Each reader looks at a row's own cells first, and at what they name in other files last: a name that an earlier
    # file failed to bring is not told again, and must not hide what else is wrong with the row.

    def _sessions(self, sheet: "_Sheet") -> None:
        seen: dict[tuple[int, int], int] = {}
        blocks = {(row.group_id, row.name): row.id for row in self._connection.execute(select(block))}
        for chunk in sheet.chunks():
            values = []
            for row in chunk:
                with sheet.row(row, partial(self._known.failed_sessions.add, (row["group"], row["number"]))):
                    number = cells.number(row["number"], "number", self._programme.sessions)
                    name = cells.text(row["block"], "block", 80)
                    starts_at, ends_at = cells.span(row["starts_at"], row["ends_at"])
                    venue = cells.optional_text(row["venue"], "venue", 200) or None
                    title = cells.optional_text(row["title"], "title", 200)
                    group = self._known.group(row["group"])
                    sheet.once(seen, (group, number), f"session {number} of group {row['group']!r}")
                    if (group, name) not in blocks:
                        blocks[group, name] = self._insert(block, {"group_id": group, "name": name})
                    values.append(
                        {
                            "group_id": group,
                            "block_id": blocks[group, name],
                            "number": number,
                            "starts_at": starts_at,
                            "ends_at": ends_at,
                            "venue": venue,
                            "title": title,
                        }
                    )
            self._upsert(session, values, ["group_id", "number"])
        for (group, number), line in self._overlapping(seen):
            name = self._known.group_name(group)
            sheet.problem(line, f"session {number} of group {name!r} overlaps another session of that group")

    def _overlapping(self, seen: Mapping[tuple[int, int], int]) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield each session of the file that starts before another of its group has ended."""
        columns = (session.c.group_id, session.c.number, session.c.starts_at, session.c.ends_at)
        query = select(*columns).order_by(session.c.group_id, session.c.starts_at, session.c.ends_at)
        group, longest, holder = None, None, None
        for row in self._connection.execute(query).yield_per(CHUNK):
            if row.group_id != group:
                group, longest, holder = row.group_id, None, None
            if longest is not None and row.starts_at < longest:
                own, other = (group, row.number), (group, holder)
                if own in seen or other in seen:
                    yield (own, seen[own]) if own in seen else (other, seen[other])  # type: ignore[index,misc]
            if longest is None or row.ends_at > longest:
                longest, holder = row.ends_at, row.number

    def _participants(self, sheet: "_Sheet") -> None:
        seen: dict[tuple[str, int], int] = {}
        names: dict[str, str] = {}
        for chunk in sheet.chunks():
            people, places = {}, []
            self._known.look_up_people(row["reference"] for row in chunk)
            for row in chunk:
                with sheet.row(row, partial(self._known.failed_people.add, row["reference"])):
                    reference = cells.text(row["reference"], "reference", 40)
                    self._known.check(reference)
                    name = cells.text(row["preferred_name"], "preferred_name", 80)
                    if names.setdefault(reference, name) != name:
                        raise CellError(f"another preferred_name for {reference!r} than {names[reference]!r} before")
                    status = cells.one_of(row["status"] or "active", "status", Status)
                    first, last = cells.day(row["from"], "from"), cells.day(row["to"], "to")
                    if first and last and last < first:
                        raise CellError(f"to is {row['to']!r}: expected a date not before from ({row['from']})")
                    group = self._known.group(row["group"])
                    sheet.once(seen, (reference, group), f"{reference!r} in group {row['group']!r}")
                    people[reference] = name
                    places.append((reference, group, status.value, first, last))
            values = [{"reference_hash": r, "reference": r, "preferred_name": n} for r, n in people.items()]
            self._upsert(participant, values, ["reference_hash"])
            self._known.look_up_people(people)
            enrolments = [
                {
                    "participant_id": self._known.people[reference],
                    "group_id": group,
                    "status": status,
                    "from_date": first,
                    "to_date": last,
                }
                for reference, group, status, first, last in places
            ]
            self._upsert(enrolment, enrolments, ["participant_id", "group_id"])

    def _attendance(self, sheet: "_Sheet") -> None:
        seen: dict[int, int] = defaultdict(int)  # of each enrolment the session numbers, as bits
        for chunk in sheet.chunks():
            self._known.look_up_enrolments(row["reference"] for row in chunk)
            values, unset = [], []
            for row in chunk:
                with sheet.row(row):
                    outcome = cells.one_of(row["outcome"], "outcome", Outcome) if row["outcome"] else None
                    own, held, number = self._place(row)
                    if seen[own] >> number & 1:
                        raise CellError(f"session {number} of {row['reference']!r} stands here a second time")
                    seen[own] |= 1 << number
                    if outcome:
                        values.append({"enrolment_id": own, "session_id": held, "outcome": outcome.value})
                    else:  # to be confirmed
                        unset.append((own, held))
            self._upsert(attendance, values, ["enrolment_id", "session_id"])
            for own, held in unset:
                same = (attendance.c.enrolment_id == own) & (attendance.c.session_id == held)
                self._connection.execute(delete(attendance).where(same))

    def _catch_ups(self, sheet: "_Sheet") -> None:
        seen: dict[tuple[int, int, datetime], int] = {}
        replaced: set[tuple[int, int]] = set()
        for chunk in sheet.chunks():
            self._known.look_up_enrolments(row["reference"] for row in chunk)
            values = []
            for row in chunk:
                with sheet.row(row):
                    starts_at, ends_at = cells.span(row["starts_at"], row["ends_at"])
                    outcome = cells.one_of(row["outcome"], "outcome", Outcome).value if row["outcome"] else None
                    own, held, number = self._place(row)
                    sheet.once(seen, (own, held, starts_at), f"this catch-up for session {number}")
                    values.append(
                        {
                            "enrolment_id": own,
                            "session_id": held,
                            "starts_at": starts_at,
                            "ends_at": ends_at,
                            "venue": cells.optional_text(row["venue"], "venue", 200) or None,
                            "outcome": outcome,
                        }
                    )
            self._replace_booked(values, replaced)
            self._upsert(catch_up, values, ["enrolment_id", "session_id", "starts_at"])

    def _appointments(self, sheet: "_Sheet") -> None:
        seen: dict[tuple[int, str, datetime], int] = {}
        replaced: set[tuple[int, str]] = set()
        for chunk in sheet.chunks():
            self._known.look_up_people(row["reference"] for row in chunk)
            values = []
            for row in chunk:
                with sheet.row(row):
                    kind = cells.one_of(row["kind"], "kind", AppointmentKind).value
                    starts_at, ends_at = cells.span(row["starts_at"], row["ends_at"])
                    person = self._known.person(row["reference"])
                    sheet.once(seen, (person, kind, starts_at), f"this appointment of {row['reference']!r}")
                    venue = cells.optional_text(row["venue"], "venue", 200)
                    values.append(
                        {
                            "participant_id": person,
                            "kind": kind,
                            "starts_at": starts_at,
                            "ends_at": ends_at,
                            "venue": venue,
                        }
                    )
            self._replace_coming(values, replaced)
            self._upsert(appointment, values, ["participant_id", "kind", "starts_at"])

    def _replace_booked(self, values: Sequence[Mapping[str, Any]], replaced: set[tuple[int, int]]) -> None:
        """Drop what was booked before for the sessions of these catch-ups: a new date means that it was moved."""
        for row in values:
            pair = (row["enrolment_id"], row["session_id"])
            if pair not in replaced:
                replaced.add(pair)
                own = (catch_up.c.enrolment_id == pair[0]) & (catch_up.c.session_id == pair[1])
                self._connection.execute(delete(catch_up).where(own, catch_up.c.outcome.is_(None)))

    def _replace_coming(self, values: Sequence[Mapping[str, Any]], replaced: set[tuple[int, str]]) -> None:
        """Drop the coming appointments of the same people and kinds: the file says when they are now."""
        now = datetime.now(UTC)
        for row in values:
            pair = (row["participant_id"], row["kind"])
            if pair not in replaced:
                replaced.add(pair)
                own = (appointment.c.participant_id == pair[0]) & (appointment.c.kind == pair[1])
                self._connection.execute(delete(appointment).where(own, appointment.c.starts_at > now))

    def _place(self, row: Row) -> tuple[int, int, int]:
        """Return the enrolment, the session and its number that a row of attendance or a catch-up is about."""
        number = cells.number(row["number"], "number", self._programme.sessions)
        own, group = self._known.enrolment(row["reference"], row["group"])
        return own, self._known.session(group, number), number

    def _insert(self, table: Table, values: Mapping[str, object]) -> int:
        return int(self._connection.execute(table.insert().values(**values)).inserted_primary_key[0])

    def _upsert(self, table: Table, values: Sequence[Mapping[str, Any]], key: Sequence[str]) -> None:
        if not values:
            return
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table)
        others = {name: statement.excluded[name] for name in values[0] if name not in key}
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=others), list(values))


class _Sheet:
    """One file while it is read."""

    def __init__(self, name: str, folder: Path, done: Imported, known: Known, advance: Callable[[int], object]) -> None:
        self._sheet = next(sheet for sheet in SHEETS if sheet.name == name)
        self._folder, self._done, self._known, self._advance = folder, done, known, advance
        self._line = 0

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have the right form."""
        name, before = self._sheet.name, self._done.problems.count
        self._done.rows[name] = 0
        for row in rows(self._folder, self._sheet, self._done.problems, self._advance):
            self._done.rows[name] += 1
            yield row
        if not self._done.rows[name] and self._done.problems.count > before:
            self._known.unusable.add(name)

    def chunks(self) -> Iterator[list[Row]]:
        """Yield the rows in lists."""
        yield from chunks(self.rows(), CHUNK)

    @contextmanager
    def row(self, row: Row, on_failure: Callable[[], object] = lambda: None) -> Iterator[None]:
        """Turn what is wrong with ``row`` into a problem, and go on behind the with block."""
        self._line = row.line
        try:
            yield
        except (CellError, ToldAlreadyError) as error:
            on_failure()
            if isinstance(error, CellError):
                self.problem(row.line, str(error))

    def once(self, seen: dict[T, int], key: T, what: str) -> None:
        """Note that ``key`` stands in this row; raise CellError where it stood in one before."""
        if key in seen:
            raise CellError(f"{what} stands here a second time: the first is in line {seen[key]}")
        seen[key] = self._line

    def problem(self, line: int, text: str) -> None:
        """Note a problem."""
        self._done.problems.add(self._sheet.name, line, text)
