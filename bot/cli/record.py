"""The commands for the record: import, plan, demonstrate, and who is linked."""

import argparse
import csv
import getpass
import io
import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path

from tqdm import tqdm

from bot import bootstrap
from bot.database.engine import Database, key_file_of
from bot.database.keyring import add_key
from bot.database.keyring import new_key as make_key
from bot.database.postgresql import silent_for
from bot.errors import ConfigurationError
from bot.records import audit
from bot.records import demo as demonstration
from bot.records.access import identities
from bot.records.enums import ScheduleOption
from bot.records.importing import cells
from bot.records.importing.cells import CellError
from bot.records.importing.folder import find
from bot.records.importing.load import Import, Imported
from bot.records.importing.sheets import NAMES, Problems
from bot.records.participants import repository
from bot.records.participants.participant_record import LOCAL
from bot.records.sessions import programmes
from bot.records.sessions.plan import WEEKDAYS, PlanError, Planned, plan
from bot.replies.csv_tables import plain
from bot.retention import key_rotation
from bot.retention.erase import erase
from bot.retention.export import export
from bot.settings import Settings
from bot.text.typed import normalised


class CommandError(ConfigurationError):
    """A command was asked for something that cannot be done; the message says what was expected."""


class _RolledBackError(Exception):
    """Nothing of the import is to be kept."""


async def import_folder(settings: Settings, options: argparse.Namespace) -> int:
    """Read a folder of CSV files into the record, or say everything that is wrong with them."""
    folder: Path = options.folder
    if not folder.is_dir():
        raise CommandError(f"no folder {folder}: expected one with {', '.join(NAMES)}")
    done = _imported(bootstrap.database(settings), folder, settings.programme, dry_run=options.dry_run)
    problems = done.problems
    _tell_all(done.notes, "Please check: ")
    _tell_all(problems)
    if problems.count:
        more = f" (the first {len(problems.found)} are shown)" if problems.count > len(problems.found) else ""
        _tell(f"{problems.count} problem{'s' if problems.count > 1 else ''}{more}: nothing was written.")
        return 1
    rows = ", ".join(f"{count:,} row{'s' if count != 1 else ''} of {name}" for name, count in done.rows.items())
    look = (
        f" Please check {done.notes.count} thing{'s' if done.notes.count > 1 else ''} above."
        if done.notes.count
        else ""
    )
    _tell(f"{'Nothing wrong; nothing written' if options.dry_run else 'Imported'}: {rows}.{look}")
    return 0


async def schedule(settings: Settings, options: argparse.Namespace) -> int:
    """Plan a group's sessions and write them as sessions.csv."""
    try:
        planned = list(
            plan(
                programmes.numbers(settings.programme),
                ScheduleOption(options.option),
                _date(options.start),
                [_weekday(name) for name in options.weekdays.split(",")],
                _time(options.time) if options.time else None,
                options.block_sessions,
            )
        )
    except PlanError as error:
        raise CommandError(str(error)) from None
    _write_sessions(_group_name(options.group), planned)
    return 0


async def demo(settings: Settings, options: argparse.Namespace) -> int:
    """Fill an empty record with invented people."""
    if not await first_people(settings, bootstrap.database(settings)):
        raise CommandError("the record holds something: the demonstration is for an empty one only")
    return 0


async def link_code(settings: Settings, options: argparse.Namespace) -> int:
    """Make a one-time code for a participant, and print it."""
    with bootstrap.database(settings).writing() as connection:
        person = _participant(connection, options.reference)
        code = identities.issue_code(connection, person, operator(), datetime.now(UTC))
    print(code)  # noqa: T201
    _tell("It works once, for 24 hours. Codes made before for this person no longer work.")
    return 0


async def participant(settings: Settings, options: argparse.Namespace) -> int:
    """List participants, or do something about one."""
    record = bootstrap.database(settings)
    if options.action == "list":
        _list(record)
    elif options.action == "show":
        _show(record, options.reference)
    elif options.action == "export":
        _export(record, options.reference)
    else:
        _change(record, options)
    return 0


async def rotate_key(settings: Settings, options: argparse.Namespace) -> int:
    """Write everything in the record anew with the newest key; on SQLite make that key first."""
    file = key_file_of(settings.database_url)
    of_file = not settings.database_key and file is not None and file.exists()
    if not of_file and settings.database_key.count(",") == 0:
        raise CommandError("LEAFLINE_DATABASE_KEY has one key: expected the new one, a comma, and the one in use")
    record = bootstrap.database(settings, rotating=True)
    with record.writing() as connection:
        key_rotation.refuse_while_in_use(connection, datetime.now(UTC))
        complete = key_rotation.is_complete(connection, record.keyring)
    if of_file and complete and file:  # else an earlier change did not come to its end, and its key is there already
        add_key(file)
        record = bootstrap.database(settings, rotating=True)
    with record.writing() as connection, silent_for(None):
        count = key_rotation.rotate(connection, operator(), datetime.now(UTC))
    if of_file:
        _tell(f"{count} rows are written with the new key, the first in {file}. Start the service again.")
        _tell("The keys before it are kept in that file: they still read backups, and what was overlooked.")
    else:
        _tell(f"{count} rows are written with the first key. Start the service again with the keys as they are now.")
    return 0


async def new_key(settings: Settings, options: argparse.Namespace) -> int:
    """Print a new key."""
    print(make_key())  # noqa: T201
    return 0


async def first_people(settings: Settings, record: Database) -> bool:
    """Fill ``record`` with the demonstration's people if it is empty; tell whether it was."""
    with record.writing() as connection:
        if not repository.is_empty(connection):
            return False
        people = demonstration.fill(connection, settings.programme, datetime.now(LOCAL))
    _tell("The record was empty, so it now has invented people to try things with:")
    for reference, about in people:
        _tell(f"  {reference}  {about}")
    _tell("To speak as one: python -m bot link-code REFERENCE, then send that code.")
    return True


def operator() -> str:
    """Return the operating-system user, for the audit trail."""
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "os:unknown"


def _group_name(text: str) -> str:
    name = normalised(text)
    if not name or plain(name) != name:
        raise CommandError(f"the group is {text!r}: expected a name that begins with a letter or a digit")
    try:
        return cells.discreet_text(name, "the group", 80)
    except CellError as error:
        raise CommandError(str(error)) from None


def _write_sessions(group: str, planned: Iterable[Planned]) -> None:
    """Write sessions.csv to standard output: into a file with the mark by which Excel knows UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8-sig")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["group", "number", "block", "starts_at", "ends_at", "venue", "title"])
    for session in planned:
        times = (session.starts_at.isoformat(timespec="minutes"), session.ends_at.isoformat(timespec="minutes"))
        writer.writerow([group, session.number, session.block, *times, "", ""])


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
        _tell(f"{before}{one}")


def _list(record: Database) -> None:
    with record.writing() as connection:
        audit.note(connection, datetime.now(UTC), operator(), "participants listed")
        for reference, name, groups in repository.references(connection):
            print(f"{reference}\t{name}\t{', '.join(groups)}")  # noqa: T201


def _show(record: Database, reference: str) -> None:
    now = datetime.now(UTC)
    with record.writing() as connection:
        person = _participant(connection, reference)
        audit.note(connection, now, operator(), "record shown", person)
        found = repository.load_participant(connection, person)
        links = identities.links(connection, person, now)
        reports = repository.absence_reports(connection, person)
    assert found is not None  # noqa: S101  # read in one transaction
    lines = [f"{reference}\t{found.preferred_name}"]
    for enrolment in found.enrolments:
        count = enrolment.count(now)
        lines.append(
            f"group {enrolment.group} ({enrolment.status.value}): attended {count.attended}, missed {count.missed}, "
            f"caught up {count.caught_up}, to be confirmed {count.to_be_confirmed}"
        )
    lines += [f"linked: {channel}, {at:%Y-%m-%d}" for channel, at in links] or ["not linked"]
    lines += [f"said they cannot come to session {number}: {state}" for number, state, _ in reports]
    print("\n".join(lines))  # noqa: T201


def _export(record: Database, reference: str) -> None:
    with record.writing() as connection:
        person = _participant(connection, reference)
        audit.note(connection, datetime.now(UTC), operator(), "record exported", person)
        found = export(connection, person)
    print(json.dumps(found, ensure_ascii=False, indent=2))  # noqa: T201


def _change(record: Database, options: argparse.Namespace) -> None:
    now, reference = datetime.now(UTC), options.reference
    if options.action == "remove" and not options.yes:
        _tell(f"This erases {reference} and everything about them. Type the reference again to go on:")
        if sys.stdin.readline().strip() != reference:
            raise CommandError("nothing was removed")
    with record.writing() as connection:
        person = _participant(connection, reference)
        if options.action == "unlink":
            count = identities.unlink_all(connection, person, operator(), now)
            done = f"{count} telephones or chats of {reference} are no longer linked"
        elif options.action == "reset-pin":
            print(identities.reset_pin(connection, person, operator(), now))  # noqa: T201
            done = f"{reference} has no PIN and no link any more; this is a new link code"
        else:
            erase(connection, person, operator(), now)
            done = f"{reference} is removed"
    _tell(done)


def _participant(connection: object, reference: str) -> int:
    found = repository.participant_id(connection, reference)
    if found is None:
        raise CommandError(f"no participant {reference!r}: expected a reference of the record")
    return found


def _date(text: str) -> date:
    try:
        found = cells.day(text, "--start")
    except CellError as error:
        raise CommandError(str(error)) from None
    if found is None:
        raise CommandError("--start is empty: expected a date like 2026-11-30")
    return found


def _time(text: str) -> time:
    try:
        return cells.clock(text)
    except ValueError:
        raise CommandError(f"--time is {text!r}: expected a local time like 18:00") from None


def _weekday(name: str) -> int:
    short = name.strip().lower()[:3]
    if short not in WEEKDAYS:
        raise CommandError(f"--weekdays has {name!r}: expected some of {', '.join(WEEKDAYS)}, with commas between")
    return WEEKDAYS.index(short)


def _tell(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
