"""An import of a member's own office: tried first, so that what it would do can be shown, then done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Connection

from bot.records import audit, programmes
from bot.records.importing.load import Import, Imported
from bot.records.importing.sheets import SHEETS
from bot.records.staff import changes
from bot.records.staff.changes import Change
from bot.records.staff.members import Member

NAMES = tuple(sheet.name for sheet in SHEETS)
CHANGES = 200
"""Changes that are put into words; the rest is counted."""


@dataclass(frozen=True)
class Tried:
    """What an import did, or would do: its rows and problems, how many rows change, and the first of them in words."""

    done: Imported
    count: int
    changes: list[Change]


def run(
    connection: Connection, who: Member, programme: str, files: Mapping[str, str], now: datetime, *, keep: bool
) -> Tried:
    """Import ``files``, texts by their names. Nothing is kept without ``keep``, or where there is a problem."""
    found = programmes.ensure(connection, programme)
    before = changes.snapshot(connection, who)
    with connection.begin_nested() as attempt, TemporaryDirectory() as folder:
        for name in NAMES:
            if name in files:
                (Path(folder) / name).write_text(files[name], "utf-8", "surrogateescape", newline="")
        done = Import(connection, Path(folder), found, lambda _: None, who.office_id).run()
        for name in files:
            if name not in NAMES:
                done.problems.add(name, 1, f"not a file of an import: expected {', '.join(NAMES)}")
        count, first = 0, []
        if not done.problems.count:
            after = changes.snapshot(connection, who)
            count = changes.count(before, after)
            first = list(islice(changes.between(connection, before, after), CHANGES))
        if done.problems.count or not keep:
            attempt.rollback()
    action = "import" if keep and not done.problems.count else "import checked"  # a preview shows what is recorded
    audit.note(connection, now, who.actor, action, detail=f"{sum(done.rows.values())} rows")
    return Tried(done, count, first)
