"""An import of a member's own office: tried first, so that what it would do can be shown, then done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.records import audit, programmes
from bot.records.importing.load import Import, Imported
from bot.records.importing.sheets import SHEETS
from bot.records.staff.members import Member
from bot.records.tables import attendance, catch_up, enrolment, participant, programme_group, session

NAMES = tuple(sheet.name for sheet in SHEETS)
_COUNTED = {
    "groups": programme_group,
    "sessions": session,
    "participants": participant,
    "enrolments": enrolment,
    "outcomes": attendance,
    "catch-ups": catch_up,
}


@dataclass(frozen=True)
class Tried:
    """What an import did, or would do: its problems, its rows, and how many of each would be new (or fewer)."""

    done: Imported
    more: Mapping[str, int]


def run(
    connection: Connection, who: Member, programme: str, files: Mapping[str, str], now: datetime, *, keep: bool
) -> Tried:
    """Import ``files``, texts by their names. Nothing is kept without ``keep``, or where there is a problem."""
    before = _counts(connection)
    with connection.begin_nested() as attempt, TemporaryDirectory() as folder:
        for name in NAMES:
            if name in files:
                (Path(folder) / name).write_text(files[name], "utf-8", "surrogateescape", newline="")
        found = programmes.ensure(connection, programme)
        done = Import(connection, Path(folder), found, lambda _: None, who.office_id).run()
        for name in files:
            if name not in NAMES:
                done.problems.add(name, 1, f"not a file of an import: expected {', '.join(NAMES)}")
        after = _counts(connection)
        if done.problems.count or not keep:
            attempt.rollback()
    if keep and not done.problems.count:
        audit.note(connection, now, who.actor, "import", detail=f"{sum(done.rows.values())} rows")
    return Tried(done, {name: after[name] - before[name] for name in after})


def _counts(connection: Connection) -> dict[str, int]:
    return {
        name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for name, table in _COUNTED.items()
    }
