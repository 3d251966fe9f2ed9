"""attendance.csv: what came of sessions for people."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete

from bot.records.attendance.tables import attendance
from bot.records.enums import Outcome
from bot.records.importing import cells, store
from bot.records.importing.cells import CellError
from bot.records.importing.reading import FileImport, ImportContext
from bot.records.importing.reference_index import Timed
from bot.records.importing.sheets import Row
from bot.records.participants.participant_record import LOCAL


def read(file: FileImport, context: ImportContext) -> None:
    """Write the outcomes of ``file``."""
    seen: dict[int, int] = defaultdict(int)  # of each enrolment the session numbers, as bits
    for chunk in file.chunks():
        context.index.look_up_enrolments(row["reference"] for row in chunk)
        values, unset = [], []
        for row in chunk:
            with file.row(row):
                outcome = cells.one_of(row["outcome"], "outcome", Outcome) if row["outcome"] else None
                own, held, number = place(context, row)
                check_outcome(context, outcome, f"session {number}", held.starts_at)
                if seen[own] >> number & 1:
                    raise CellError(f"session {number} of {row['reference']!r} stands here a second time")
                seen[own] |= 1 << number
                if outcome:
                    values.append({"enrolment_id": own, "session_id": held.id, "outcome": outcome.value})
                else:  # to be confirmed
                    unset.append((own, held.id))
        store.upsert(context.connection, attendance, values, ["enrolment_id", "session_id"])
        for own, session_id in unset:
            same = (attendance.c.enrolment_id == own) & (attendance.c.session_id == session_id)
            context.connection.execute(delete(attendance).where(same))


def place(context: ImportContext, row: Row) -> tuple[int, Timed, int]:
    """Return the enrolment, the session and its number that a row of attendance or a catch-up is about."""
    number = cells.number(row["number"], "number", context.programme.sessions)
    own, group = context.index.enrolment(row["reference"], row["group"])
    return own, context.index.session(group, number), number


def check_outcome(context: ImportContext, outcome: Outcome | None, what: str, starts_at: datetime) -> None:
    """Raise CellError for an outcome that cannot be known before the day."""
    if outcome and not outcome.can_be_known_before and context.is_to_come(starts_at):
        day = starts_at.astimezone(LOCAL)
        raise CellError(f"outcome is {outcome}, but {what} is on {day:%d/%m/%Y}, still to come: expected an empty cell")
