"""The attendance rule: a plain function of plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.records.enums import AttendanceKind, Outcome


@dataclass(frozen=True)
class SessionAttendance:
    """One session that is over: what was recorded for the person, if anything, and whether they caught it up."""

    outcome: Outcome | None
    caught_up: bool = False


@dataclass(frozen=True)
class Count:
    """How many of some sessions were what. ``caught_up`` are among ``missed``."""

    attended: int = 0
    missed: int = 0
    caught_up: int = 0
    to_be_confirmed: int = 0
    """Over, and nothing recorded yet: neither attended nor missed."""
    not_held: int = 0

    def misses_counted(self, *, caught_up_counts: bool) -> int:
        """Return how many misses count, by the setting for those caught up."""
        return self.missed if caught_up_counts else self.missed - self.caught_up


def count(sessions: Iterable[SessionAttendance]) -> Count:
    """Count ``sessions``. One held and not attended is missed, whatever the reason was."""
    sessions = list(sessions)
    kinds = [held.outcome.kind if held.outcome else None for held in sessions]
    missed = [held for held, kind in zip(sessions, kinds, strict=True) if kind is AttendanceKind.MISSED]
    return Count(
        attended=kinds.count(AttendanceKind.ATTENDED),
        missed=len(missed),
        caught_up=sum(held.caught_up for held in missed),
        to_be_confirmed=kinds.count(None),
        not_held=kinds.count(AttendanceKind.NOT_HELD),
    )


def misses_left(misses_counted: int, allowed: int) -> int:
    """Return how many more sessions can be missed before "more than ``allowed``"; never below 0."""
    return max(0, allowed - misses_counted)
