"""Invented people in every state that the answers know, for an empty record. They come in by the import."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Connection

from bot.records.enums import ScheduleOption
from bot.records.importing.load import Import
from bot.records.importing.sheets import SHEETS
from bot.records.sessions import programmes
from bot.records.sessions.plan import Planned, plan

_EVENING, _DAY, _EARLIER, _NEW = "Demo evening", "Demo day", "Demo earlier", "Demo new"
_ROOM = "Room 2, Example House, 1 Example Street"


@dataclass(frozen=True)
class Person:
    """One invented person: what is special, and the sessions counted back from the last that were not attended."""

    reference: str
    name: str
    about: str
    groups: tuple[tuple[str, str], ...] = ((_EVENING, "active"),)
    missed: tuple[tuple[int, str], ...] = ()
    """(how many sessions before the last one held, outcome)"""
    caught_up: int | None = None
    booked: int | None = None
    unrecorded: bool = False


PEOPLE = (
    Person("DEMO-01", "Alex Example", "attended every session"),
    Person("DEMO-02", "Bo Example", "missed one, has a catch-up booked", missed=((1, "AAME"),), booked=1),
    Person("DEMO-03", "Chris Example", "missed one and caught it up", missed=((1, "AAEM"),), caught_up=1),
    Person("DEMO-04", "Dee Example", "missed two", missed=((0, "UAAB"), (1, "AAME"))),
    Person("DEMO-05", "Eli Example", "missed three", missed=((0, "UAAB"), (1, "UAAB"), (2, "AAFC"))),
    Person(
        "DEMO-06", "Fin Example", "is suspended", ((_EVENING, "suspended"),), ((0, "UAAB"), (1, "UAAB"), (2, "UAAB"))
    ),
    Person("DEMO-07", "Glen Example", "has finished", ((_EARLIER, "completed"),)),
    Person("DEMO-08", "Hal Example", "is in a group that has no dates yet", ((_NEW, "active"),)),
    Person(
        "DEMO-09", "Ira Example", "left a group and is in another one now", ((_EARLIER, "withdrawn"), (_DAY, "active"))
    ),
    Person("DEMO-10", "Jo Example", "is in two groups", ((_EVENING, "active"), (_DAY, "active"))),
    Person("DEMO-11", "Kit Example", "has a session that is to be confirmed", unrecorded=True),
)


def fill(connection: Connection, programme: str, now: datetime) -> list[tuple[str, str]]:
    """Put the people into an empty record; return their references and what each shows."""
    with TemporaryDirectory() as folder:
        _write(Path(folder), programme, now)
        done = Import(connection, Path(folder), programmes.ensure(connection, programme), lambda _: None).run()
    if done.problems.count:
        raise RuntimeError(f"the demonstration does not pass its own import: {done.problems.found[0]}")
    return [(person.reference, f"{person.name}: {person.about}") for person in PEOPLE]


def _write(folder: Path, programme: str, now: datetime) -> None:
    numbers, today = programmes.numbers(programme), now.date()

    def planned(option: ScheduleOption, weeks_ago: int, weekdays: Sequence[int]) -> list[Planned]:
        return list(plan(numbers, option, _monday(today) - timedelta(weeks=weeks_ago), weekdays))

    groups = {
        _EVENING: (ScheduleOption.EVENING, planned(ScheduleOption.EVENING, 12, [1])),
        _DAY: (ScheduleOption.DAY, planned(ScheduleOption.DAY, 6, [0, 3])),
        _EARLIER: (ScheduleOption.EVENING, planned(ScheduleOption.EVENING, 45, [2])),
        _NEW: (ScheduleOption.DAY, []),
    }
    local = now.replace(tzinfo=None)
    held = {name: [s for s in sessions if s.ends_at <= local] for name, (_, sessions) in groups.items()}
    # No office: the groups belong to the main one, as whoever is added without one does.
    _sheet(folder, "groups.csv", ([name, option.value, _ROOM, ""] for name, (option, _) in groups.items()))
    _sheet(
        folder,
        "sessions.csv",
        (
            [name, s.number, s.block, *_times(s.starts_at, s.ends_at), "", ""]
            for name, (_, sessions) in groups.items()
            for s in sessions
        ),
    )
    _sheet(
        folder,
        "participants.csv",
        (
            [p.reference, group, p.name, status, "", today - timedelta(weeks=30) if status == "withdrawn" else ""]
            for p in PEOPLE
            for group, status in p.groups
        ),
    )
    _sheet(folder, "attendance.csv", (row for person in PEOPLE for row in _attendance(person, held, today)))
    _sheet(folder, "catch_ups.csv", (row for person in PEOPLE for row in _catch_ups(person, held, local)))
    meeting = datetime.combine(today + timedelta(days=8), local.min.time()).replace(hour=11)
    times = _times(meeting, meeting + timedelta(hours=1))
    _sheet(folder, "appointments.csv", [["DEMO-01", "offender_manager", *times, "Example office"]])


def _attendance(person: Person, held: dict[str, list[Planned]], today: date) -> Iterable[list[object]]:
    for group, status in person.groups:
        sessions = held[group][:9] if status == "withdrawn" else held[group]
        outcomes = {s.number: "ATTC" for s in sessions}
        for before, outcome in person.missed:
            outcomes[sessions[-1 - before].number] = outcome
        if person.unrecorded:
            del outcomes[sessions[-1].number]
        yield from ([person.reference, number, outcome, group] for number, outcome in outcomes.items())


def _catch_ups(person: Person, held: dict[str, list[Planned]], now: datetime) -> Iterable[list[object]]:
    for before, days, outcome in ((person.booked, 2, ""), (person.caught_up, -2, "ATTC")):
        if before is not None:
            session = held[_EVENING][-1 - before]
            at = (now + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
            times = _times(at, at + timedelta(hours=2))
            yield [person.reference, session.number, *times, "", outcome, _EVENING]


def _sheet(folder: Path, name: str, rows: Iterable[Iterable[object]]) -> None:
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*sheet.required, *sheet.optional])
        writer.writerows(rows)


def _times(starts_at: datetime, ends_at: datetime) -> tuple[str, str]:
    return starts_at.isoformat(timespec="minutes"), ends_at.isoformat(timespec="minutes")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
