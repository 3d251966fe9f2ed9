"""sessions.csv: when the sessions of groups are, in which block, and where."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.records.importing import cells, store
from bot.records.importing.reading import CHUNK, FileImport, ImportContext
from bot.records.importing.sheets import Row
from bot.records.sessions import plausibility
from bot.records.sessions.tables import block, session
from bot.text import discretion
from bot.text.typed import compared

Seen = Mapping[tuple[int, int], int]
"""By group and number, the line in which a session stands."""


def read(file: FileImport, context: ImportContext) -> None:
    """Write the sessions of ``file``."""
    seen: dict[tuple[int, int], int] = {}
    blocks = _Blocks(context)
    for chunk in file.chunks():
        values = []
        for row in chunk:
            failed = (compared(row["group"]), cells.without_point(row["number"]))
            with file.row(row, partial(context.index.failed_sessions.add, failed)):
                values.append(_values(file, context, row, seen, blocks))
        store.upsert(context.connection, session, values, ["group_id", "number"])
    for (group, number), line in _overlapping(context, seen):
        name = context.index.group_name(group)
        file.problem(line, f"session {number} of group {name!r} overlaps another session of that group")
    for (group, number), before in _out_of_order(context, seen):
        name, line = context.index.group_name(group), seen[group, number]
        file.note(f"session {number} of group {name!r} is before session {before}. Is its date right?", line)


def _values(
    file: FileImport, context: ImportContext, row: Row, seen: dict[tuple[int, int], int], blocks: "_Blocks"
) -> dict[str, Any]:
    # A row's own cells first, and what they name in other files last: a name that an earlier file failed to bring is
    # not told again, and must not hide what else is wrong with the row. So in every reader.
    number = cells.number(row["number"], "number", context.programme.sessions)
    name = cells.text(row["block"], "block", 80)
    starts_at, ends_at = cells.time_range(row["starts_at"], row["ends_at"])
    venue = cells.discreet_text(row["venue"], "venue", 200) or None
    title = cells.optional_text(row["title"], "title", 200)
    group = context.index.group(row["group"])
    file.once(seen, (group, number), f"session {number} of group {row['group']!r}")
    _doubt(file, context, group, number, (starts_at, ends_at), venue or "")
    return {
        "group_id": group,
        "block_id": blocks.id(group, name),
        "number": number,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "venue": venue,
        "title": title,
    }


def _doubt(
    file: FileImport, context: ImportContext, group: int, number: int, time_range: tuple[datetime, datetime], venue: str
) -> None:
    window = context.programme.options[context.index.option(group)]
    for doubt in plausibility.session_time_warnings(*time_range, window):
        file.note(f"session {number} of group {context.index.group_name(group)!r} {doubt}. Is that right?")
    told = discretion.doubtful(venue)
    if told:
        file.note(f"venue is {venue!r}: “{told}” is then in text messages that others may see. Is that wanted?")


class _Blocks:
    """The blocks of groups by name, made where they are not there yet."""

    def __init__(self, context: ImportContext) -> None:
        self._connection = context.connection
        rows = self._connection.execute(select(block)).all()
        self._ids: dict[tuple[int, str], int] = {(row.group_id, compared(row.name)): row.id for row in rows}

    def id(self, group: int, name: str) -> int:
        """Return the id of a group's block."""
        key = (group, compared(name))
        if key not in self._ids:
            self._ids[key] = store.insert(self._connection, block, {"group_id": group, "name": name})
        return self._ids[key]


def _overlapping(context: ImportContext, seen: Seen) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield each session of the file that starts before another of its group has ended."""
    columns = (session.c.group_id, session.c.number, session.c.starts_at, session.c.ends_at)
    query = select(*columns).order_by(session.c.group_id, session.c.starts_at, session.c.ends_at)
    group, longest, holder = None, None, None
    for row in context.connection.execute(query).yield_per(CHUNK):
        if row.group_id != group:
            group, longest, holder = row.group_id, None, None
        if longest is not None and row.starts_at < longest:
            own, other = (group, row.number), (group, holder)
            if own in seen or other in seen:
                yield (own, seen[own]) if own in seen else (other, seen[other])  # type: ignore[index,misc]
        if longest is None or row.ends_at > longest:
            longest, holder = row.ends_at, row.number


def _out_of_order(context: ImportContext, seen: Seen) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield each session of the file that is before one with a lower number, with that number."""
    columns = (session.c.group_id, session.c.number, session.c.starts_at)
    query = select(*columns).order_by(session.c.group_id, session.c.number)
    group, latest, number = None, None, 0
    for row in context.connection.execute(query).yield_per(CHUNK):
        if row.group_id != group:
            group, latest = row.group_id, None
        if latest is not None and row.starts_at < latest and (group, row.number) in seen:
            yield (row.group_id, row.number), number
        if latest is None or row.starts_at > latest:
            latest, number = row.starts_at, row.number
