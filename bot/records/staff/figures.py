"""Figures of a member's groups: counts alone, of nobody in particular."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.records.outcomes import Kind, Outcome
from bot.records.staff import timetable
from bot.records.staff.members import Member
from bot.records.staff.planning import Group, groups
from bot.records.tables import attendance, session


@dataclass(frozen=True)
class Figures:
    """One group."""

    group: Group
    held: int
    """Sessions that are over."""
    outcomes: Mapping[Outcome, int]
    to_be_confirmed: int

    def count(self, kind: Kind) -> int:
        """Return how many outcomes are of a kind."""
        return sum(number for outcome, number in self.outcomes.items() if outcome.kind is kind)

    @property
    def attended(self) -> int:
        """How many times somebody was there."""
        return self.count(Kind.ATTENDED)

    @property
    def missed(self) -> int:
        """How many times somebody was not, whatever the reason."""
        return self.count(Kind.MISSED)

    @property
    def percentage(self) -> int | None:
        """Of those two together the part that was there; None before anything is recorded."""
        both = self.attended + self.missed
        return round(100 * self.attended / both) if both else None


def of_groups(connection: Connection, who: Member, now: datetime) -> list[Figures]:
    """Return the figures of each of the member's groups."""
    found = []
    for group in groups(connection, who):
        over = [held for held in timetable.of_group(connection, group.id, now) if held.ends_at <= now]
        query = select(attendance.c.outcome, func.count()).join(session, session.c.id == attendance.c.session_id)
        own = query.where(session.c.group_id == group.id, session.c.ends_at <= now).group_by(attendance.c.outcome)
        outcomes = Counter({Outcome(outcome): count for outcome, count in connection.execute(own)})
        found.append(Figures(group, len(over), outcomes, sum(held.to_be_confirmed for held in over)))
    return found
