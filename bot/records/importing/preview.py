"""An import of a member's own office: tried first, so that what it would do can be shown, then done."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.importing import changes
from bot.records.importing.changes import Change
from bot.records.importing.folder import FileKind, judged, tell
from bot.records.importing.load import Import, Imported
from bot.records.importing.sheets import NAMES, Problems
from bot.records.sessions import programmes
from bot.records.staff.members import Member

CHANGES = 200
"""Changes that are put into words; the rest is counted."""


@dataclass(frozen=True)
class UploadedFile:
    """A file as a browser sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ImportPreview:
    """What an import did, or would do: its rows and problems, how many rows change, and the first of them in words."""

    done: Imported
    count: int
    changes: list[Change]
    kept: bool = False

    @property
    def seal(self) -> str:
        """What these changes can be told from others by: they are confirmed, and no others."""
        return hashlib.sha256(repr((self.count, self.changes)).encode()).hexdigest()


def run(
    connection: Connection,
    user: Member,
    programme: str,
    files: Sequence[UploadedFile],
    now: datetime,
    *,
    seal: str | None,
) -> ImportPreview:
    """Try an import of ``files``; keep it where it has no problem and changes exactly what ``seal`` was shown for."""
    found = programmes.ensure(connection, programme)
    before = changes.snapshot(connection, user)
    with connection.begin_nested() as attempt, TemporaryDirectory() as folder:
        strange = _put(files, Path(folder))
        done = Import(connection, Path(folder), found, lambda _: None, user.office_id, now).run()
        for problem in strange.found:
            done.problems.add(problem.file, problem.line, problem.text)
        count, first = 0, []
        if not done.problems.count:
            after = changes.snapshot(connection, user)
            count = changes.count(before, after)
            first = list(islice(changes.between(connection, before, after), CHANGES))
        tried = ImportPreview(done, count, first)
        kept = not done.problems.count and tried.seal == seal
        if not kept:
            attempt.rollback()
    action = "import" if kept else "import checked"  # a preview shows what is recorded
    audit.note(connection, now, user.actor, action, detail=f"{sum(done.rows.values())} rows")
    return replace(tried, kept=kept)


def _put(files: Sequence[UploadedFile], folder: Path) -> Problems:
    """Write the files of an import into ``folder``; return what is to be said about others that were sent."""
    strange = Problems()
    for file in files:
        here = judged(file.name)
        if here.kind is not FileKind.READ:
            tell(file.name, here, strange, strange)
        elif (folder / here.text).exists():
            strange.add(file.name, 0, f"{here.text} was sent twice: expected one")
        else:
            (folder / here.text).write_bytes(file.content)
    return strange


__all__ = ["CHANGES", "NAMES", "ImportPreview", "UploadedFile", "run"]
