"""catch_ups.csv: catch-ups that are booked, and what came of others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.records.attendance.tables import attendance, catch_up
from bot.records.enums import Outcome
from bot.records.importing import cells, store
from bot.records.importing.attendance import check_outcome, place
from bot.records.importing.reading import FileImport, ImportContext
from bot.records.importing.reference_index import Timed
from bot.records.importing.sheets import Row
from bot.records.sessions import plausibility


def read(file: FileImport, context: ImportContext) -> None:
    """Write the catch-ups of ``file``."""
    seen: dict[tuple[int, int, datetime], int] = {}
    replaced: set[tuple[int, int]] = set()
    for chunk in file.chunks():
        context.index.look_up_enrolments(row["reference"] for row in chunk)
        values = []
        for row in chunk:
            with file.row(row):
                values.append(_values(file, context, row, seen))
        _replace_booked(context, values, replaced)
        store.upsert(context.connection, catch_up, values, ["enrolment_id", "session_id", "starts_at"])


def _values(
    file: FileImport, context: ImportContext, row: Row, seen: dict[tuple[int, int, datetime], int]
) -> dict[str, Any]:
    starts_at, ends_at = cells.time_range(row["starts_at"], row["ends_at"])
    outcome = cells.one_of(row["outcome"], "outcome", Outcome) if row["outcome"] else None
    venue = cells.discreet_text(row["venue"], "venue", 200) or None
    own, held, number = place(context, row)
    file.once(seen, (own, held.id, starts_at), f"this catch-up for session {number}")
    check_outcome(context, outcome, "the catch-up", starts_at)
    for doubt in _doubts(context, own, held, starts_at):
        file.note(f"the catch-up of {row['reference']!r} for session {number} {doubt}. Is that right?")
    return {
        "enrolment_id": own,
        "session_id": held.id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "venue": venue,
        "outcome": outcome.value if outcome else None,
    }


def _doubts(context: ImportContext, own: int, held: Timed, starts_at: datetime) -> list[str]:
    same = (attendance.c.enrolment_id == own) & (attendance.c.session_id == held.id)
    recorded = context.connection.execute(select(attendance.c.outcome).where(same)).scalar()
    return plausibility.catch_up_warnings(starts_at, held.ends_at, Outcome(recorded) if recorded else None)


def _replace_booked(
    context: ImportContext, values: Sequence[Mapping[str, Any]], replaced: set[tuple[int, int]]
) -> None:
    """Drop what was booked before for the sessions of these catch-ups: a new date means that it was moved."""
    for row in values:
        pair = (row["enrolment_id"], row["session_id"])
        if pair not in replaced:
            replaced.add(pair)
            own = (catch_up.c.enrolment_id == pair[0]) & (catch_up.c.session_id == pair[1])
            context.connection.execute(delete(catch_up).where(own, catch_up.c.outcome.is_(None)))
