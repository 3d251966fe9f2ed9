"""What was given out to people's own calendars, so that a later file moves or cancels an entry and doubles none.

An entry belongs to a session, a catch-up or an appointment. Staff's imports write some of these anew under another id,
so an entry is found by what it is about; where several are about the same, by its time, and else in their order.
"""

from collections import defaultdict
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records.sessions.tables import calendar_entry
from bot.replies.calendar_files import CalendarEvent


@dataclass(frozen=True)
class CalendarEntry:
    """A date as the record has it now."""

    about: str
    """What it is: a session, the catch-up for one, a kind of appointment."""
    starts_at: datetime
    ends_at: datetime
    place: str
    cancelled: bool = False


def give_out(
    connection: Connection,
    participant_id: int,
    wanted: Sequence[CalendarEntry],
    now: datetime,
    uids: MutableMapping[CalendarEntry, str] | None = None,
) -> list[CalendarEvent]:
    """Return the entries of a file with ``wanted``, and those given out before that are no longer in the record.

    ``wanted`` are all the dates to come; what has begun is forgotten here, and stays in people's calendars. ``uids``
    keeps the random names of new entries: whoever calls this twice for one message hands over the same ones.
    """
    uids = {} if uids is None else uids
    own = calendar_entry.c.participant_id == participant_id
    connection.execute(delete(calendar_entry).where(own, calendar_entry.c.starts_at <= now))
    given: dict[str, list[CalendarEvent]] = defaultdict(list)
    for row in connection.execute(select(calendar_entry).where(own).order_by(calendar_entry.c.starts_at)):
        given[row.about].append(_entry(row))
    entries = []
    for about, dates in _by_subject(wanted, given).items():
        for before, date in _paired(given[about], dates):
            entry = _revised(before, date, uids)
            if entry != before:
                _keep(connection, participant_id, about, entry, new=before is None)
            entries.append(entry)
    return sorted(entries, key=lambda entry: entry.starts_at)


def _by_subject(wanted: Sequence[CalendarEntry], given: Iterable[str]) -> dict[str, list[CalendarEntry]]:
    found: dict[str, list[CalendarEntry]] = {about: [] for about in given}
    for date in wanted:
        found.setdefault(date.about, []).append(date)
    return found


def _paired(
    given: Sequence[CalendarEvent], dates: Sequence[CalendarEntry]
) -> list[tuple[CalendarEvent | None, CalendarEntry | None]]:
    """Join each date to the entry that it was given out as: the one at its time, else the next that is left."""
    by_time = {entry.starts_at: entry for entry in given}
    left = [entry for entry in given if entry.starts_at not in {date.starts_at for date in dates}]
    pairs: list[tuple[CalendarEvent | None, CalendarEntry | None]] = []
    for date in dates:
        entry = by_time.pop(date.starts_at, None) or (left.pop(0) if left else None)
        pairs.append((entry, date))
    return [*pairs, *((entry, None) for entry in left)]


def _revised(
    before: CalendarEvent | None, date: CalendarEntry | None, uids: MutableMapping[CalendarEntry, str]
) -> CalendarEvent:
    """Return the entry as it is now, with a higher sequence where anything of it has changed."""
    if date is None:
        assert before is not None  # noqa: S101
        return before if before.cancelled else replace(before, cancelled=True, sequence=before.sequence + 1)
    now = (date.starts_at, date.ends_at, date.place, date.cancelled)
    if before is None:
        uid = uids.setdefault(date, str(uuid4()))
        return CalendarEvent(uid, 1 if date.cancelled else 0, *now)
    unchanged = now == (before.starts_at, before.ends_at, before.place, before.cancelled)
    return before if unchanged else CalendarEvent(before.uid, before.sequence + 1, *now)


def _keep(connection: Connection, participant_id: int, about: str, entry: CalendarEvent, *, new: bool) -> None:
    values = {
        "sequence": entry.sequence,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "place": entry.place,
        "cancelled": entry.cancelled,
    }
    if new:
        row = {"participant_id": participant_id, "uid": entry.uid, "about": about}
        connection.execute(insert(calendar_entry).values(**row, **values))
    else:
        connection.execute(update(calendar_entry).where(calendar_entry.c.uid == entry.uid).values(**values))


def _entry(row: object) -> CalendarEvent:
    return CalendarEvent(row.uid, row.sequence, row.starts_at, row.ends_at, row.place, row.cancelled)  # type: ignore[attr-defined]
