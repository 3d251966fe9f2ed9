"""Counts for a member's groups; nobody can be known by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.records.attendance.tables import attendance
from bot.records.enums import AttendanceKind, Outcome
from bot.records.sessions.planning import PlannedGroup, groups
from bot.records.sessions.tables import session
from bot.records.staff import scope
from bot.records.staff.members import Member


@dataclass(frozen=True)
class Figures:
    """The counts of one group."""

    group: PlannedGroup
    held: int
    """Sessions that are over."""
    outcomes: Mapping[Outcome, int]

    def count(self, kind: AttendanceKind) -> int:
        """Return how many outcomes are of a kind."""
        return sum(number for outcome, number in self.outcomes.items() if outcome.kind is kind)

    @property
    def attended(self) -> int:
        """How many times somebody was there."""
        return self.count(AttendanceKind.ATTENDED)

    @property
    def missed(self) -> int:
        """How many times somebody was not, whatever the reason."""
        return self.count(AttendanceKind.MISSED)

    def percentage(self, smallest: int) -> int | None:
        """Of those two together the part that was there; None where a small count could be told from it."""
        counts = (self.attended, self.missed)
        if not sum(counts) or any(0 < count < smallest for count in counts):
            return None
        return round(100 * self.attended / sum(counts))


def of_groups(connection: Connection, user: Member, now: datetime) -> list[Figures]:
    """Return the figures of each of the member's groups."""
    over = select(session.c.group_id, func.count()).where(session.c.group_id.in_(scope.group_ids(user)))
    held = dict(map(tuple, connection.execute(over.where(session.c.ends_at <= now).group_by(session.c.group_id))))
    outcomes = _outcomes(connection, user, now)
    return [Figures(group, held.get(group.id, 0), outcomes.get(group.id, {})) for group in groups(connection, user)]


def _outcomes(connection: Connection, user: Member, now: datetime) -> dict[int, dict[Outcome, int]]:
    query = (
        select(session.c.group_id, attendance.c.outcome, func.count())
        .join(session, session.c.id == attendance.c.session_id)
        .where(session.c.group_id.in_(scope.group_ids(user)), session.c.ends_at <= now)
        .group_by(session.c.group_id, attendance.c.outcome)
    )
    found: dict[int, dict[Outcome, int]] = {}
    for group, outcome, count in connection.execute(query):
        found.setdefault(group, {})[Outcome(outcome)] = count
    return found
