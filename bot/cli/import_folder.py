"""Reads a folder of CSV files into the record, or says everything that is wrong with them."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from bot import bootstrap
from bot.cli.console import CommandError, operator, tell
from bot.database.engine import Database
from bot.records import audit
from bot.records.importing.folder import find
from bot.records.importing.load import Import, Imported
from bot.records.importing.sheets import NAMES, Problems
from bot.records.sessions import programmes
from bot.settings import Settings


class _RolledBackError(Exception):
    """Nothing of the import is to be kept."""


def import_folder(settings: Settings, folder: Path, *, dry_run: bool) -> int:
    """Import ``folder``, or only check it; return 1 where something is wrong with it."""
    if not folder.is_dir():
        raise CommandError(f"no folder {folder}: expected one with {', '.join(NAMES)}")
    done = _imported(bootstrap.database(settings), folder, settings.programme, dry_run=dry_run)
    _tell_all(done.notes, "Please check: ")
    _tell_all(done.problems)
    tell(_refusal(done.problems) if done.problems.count else _summary(done, dry_run=dry_run))
    return 1 if done.problems.count else 0


def _refusal(problems: Problems) -> str:
    more = f" (the first {len(problems.found)} are shown)" if problems.count > len(problems.found) else ""
    return f"{problems.count} problem{'s' if problems.count > 1 else ''}{more}: nothing was written."


def _summary(done: Imported, *, dry_run: bool) -> str:
    rows = ", ".join(f"{count:,} row{'s' if count != 1 else ''} of {name}" for name, count in done.rows.items())
    notes = done.notes.count
    look = f" Please check {notes} thing{'s' if notes > 1 else ''} above." if notes else ""
    return f"{'Nothing wrong; nothing written' if dry_run else 'Imported'}: {rows}.{look}"


def _imported(record: Database, folder: Path, programme: str, *, dry_run: bool) -> Imported:
    size = sum(file.stat().st_size for file in find(folder, Problems(), Problems()).values())
    done = Imported()
    try:
        with (
            tqdm(
                total=size, unit="B", unit_scale=True, desc="importing", delay=1, mininterval=1, file=sys.stderr
            ) as bar,
            record.writing() as connection,
        ):
            done = Import(connection, folder, programmes.ensure(connection, programme), bar.update).run()
            if dry_run or done.problems.count:
                raise _RolledBackError
            audit.note(connection, datetime.now(UTC), operator(), "import", detail=f"{sum(done.rows.values())} rows")
    except _RolledBackError:
        pass
    return done


def _tell_all(found: Problems, before: str = "") -> None:
    """Tell what was found, file by file in the order of an import; what is about no file of it first."""
    order = {name: number for number, name in enumerate(NAMES)}
    for one in sorted(found.found, key=lambda one: (order.get(one.file, -1), one.line)):
        tell(f"{before}{one}")
