"""Plans a group's sessions and writes them as sessions.csv, for an import."""

import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from bot.cli.console import CommandError
from bot.records.enums import ScheduleOption
from bot.records.importing import cells
from bot.records.importing.cells import CellError
from bot.records.sessions import programmes
from bot.records.sessions.plan import WEEKDAYS, PlanError, Planned, plan
from bot.replies.csv_tables import plain
from bot.settings import Settings
from bot.text.typed import normalised


@dataclass(frozen=True)
class PlanRequest:
    """What the plan is to be, as it was typed."""

    group: str
    start: str
    weekdays: str
    option: ScheduleOption
    time: str | None
    block_sessions: int


def schedule(settings: Settings, asked: PlanRequest) -> None:
    """Plan the sessions and write them."""
    try:
        planned = list(
            plan(
                programmes.numbers(settings.programme),
                asked.option,
                _date(asked.start),
                [_weekday(name) for name in asked.weekdays.split(",")],
                _time(asked.time) if asked.time else None,
                asked.block_sessions,
            )
        )
    except PlanError as error:
        raise CommandError(str(error)) from None
    _write_sessions(_group_name(asked.group), planned)


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
