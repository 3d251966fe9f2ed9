"""appointments.csv: appointments that are no group session."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from bot.records.enums import AppointmentKind
from bot.records.importing import cells, store
from bot.records.importing.reading import FileImport, ImportContext
from bot.records.importing.sheets import Row
from bot.records.participants.tables import appointment


def read(file: FileImport, context: ImportContext) -> None:
    """Write the appointments of ``file``."""
    seen: dict[tuple[int, str, datetime], int] = {}
    replaced: set[tuple[int, str]] = set()
    for chunk in file.chunks():
        context.index.look_up_people(row["reference"] for row in chunk)
        values = []
        for row in chunk:
            with file.row(row):
                values.append(_values(file, context, row, seen))
        _replace_coming(context, values, replaced)
        store.upsert(context.connection, appointment, values, ["participant_id", "kind", "starts_at"])


def _values(
    file: FileImport, context: ImportContext, row: Row, seen: dict[tuple[int, str, datetime], int]
) -> dict[str, Any]:
    kind = cells.one_of(row["kind"], "kind", AppointmentKind).value
    starts_at, ends_at = cells.time_range(row["starts_at"], row["ends_at"])
    venue = cells.discreet_text(row["venue"], "venue", 200)
    person = context.index.person(row["reference"])
    file.once(seen, (person, kind, starts_at), f"this appointment of {row['reference']!r}")
    return {"participant_id": person, "kind": kind, "starts_at": starts_at, "ends_at": ends_at, "venue": venue}


def _replace_coming(
    context: ImportContext, values: Sequence[Mapping[str, Any]], replaced: set[tuple[int, str]]
) -> None:
    """Drop the coming appointments of the same people and kinds: the file says when they are now."""
    for row in values:
        pair = (row["participant_id"], row["kind"])
        if pair not in replaced:
            replaced.add(pair)
            own = (appointment.c.participant_id == pair[0]) & (appointment.c.kind == pair[1])
            context.connection.execute(delete(appointment).where(own, appointment.c.starts_at > context.now))
