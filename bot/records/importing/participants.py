"""participants.csv: the people, and their time in groups."""

from datetime import date
from functools import partial
from typing import NamedTuple

from bot.records.enums import Status
from bot.records.importing import cells, store
from bot.records.importing.cells import CellError
from bot.records.importing.reading import FileImport, ImportContext
from bot.records.importing.reference_index import key
from bot.records.importing.sheets import Row
from bot.records.participants.tables import enrolment, participant


class _Place(NamedTuple):
    reference: str
    name: str
    group: int
    status: str
    first: date | None
    last: date | None


def read(file: FileImport, context: ImportContext) -> None:
    """Write the people of ``file`` and their enrolments."""
    seen: dict[tuple[str, int], int] = {}
    people: dict[str, _Place] = {}  # by folded reference, where somebody stands first
    for chunk in file.chunks():
        places = []
        context.index.look_up_people(row["reference"] for row in chunk)
        for row in chunk:
            with file.row(row, partial(context.index.failed_people.add, key(row["reference"]))):
                places.append(_place(file, context, row, seen, people))
        _write(context, places)


def _place(
    file: FileImport, context: ImportContext, row: Row, seen: dict[tuple[str, int], int], people: dict[str, _Place]
) -> _Place:
    reference = cells.reference(row["reference"])
    context.index.check(reference)
    name = cells.text(row["preferred_name"], "preferred_name", 80)
    status = cells.one_of(row["status"] or "active", "status", Status)
    first, last = cells.day(row["from"], "from"), cells.day(row["to"], "to")
    if first and last and last < first:
        raise CellError(f"to is {row['to']!r}: expected a date not before from ({row['from']})")
    _check_spelling(context, reference, people)
    before = people.get(key(reference))
    if before and before.name != name:
        raise CellError(f"another preferred_name for {reference!r} than {before.name!r} before")
    group = context.index.group(row["group"])
    file.once(seen, (key(reference), group), f"{reference!r} in group {row['group']!r}")
    place = _Place(reference, name, group, status.value, first, last)
    people.setdefault(key(reference), place)
    return place


def _check_spelling(context: ImportContext, reference: str, people: dict[str, _Place]) -> None:
    """Raise CellError where a reference is written in two ways: whether one person is meant is not ours to guess."""
    before = people.get(key(reference))
    other = before.reference if before else context.index.spelling(reference)
    if other is not None and other != reference:
        where = "above" if before else "in the record"
        expected = "expected it written in the same way, or another reference where it is another person"
        differs = "and case, spaces and dashes make no difference"
        raise CellError(f"reference is {reference!r}, but {other!r} stands {where}, {differs}: {expected}")


def _write(context: ImportContext, places: list[_Place]) -> None:
    names = {place.reference: place.name for place in places}
    people = [{"reference_hash": r, "reference": r, "preferred_name": name} for r, name in names.items()]
    store.upsert(context.connection, participant, people, ["reference_hash"])
    context.index.look_up_people(names)
    enrolments = [
        {
            "participant_id": context.index.people[key(place.reference)],
            "group_id": place.group,
            "status": place.status,
            "from_date": place.first,
            "to_date": place.last,
        }
        for place in places
    ]
    store.upsert(context.connection, enrolment, enrolments, ["participant_id", "group_id"])
