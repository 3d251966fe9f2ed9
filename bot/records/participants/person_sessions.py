"""The sessions and appointments of one person as plain values, with what is recorded about them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.records.enums import AppointmentKind, AttendanceKind, Outcome
from bot.records.participants.membership import local_day


class SessionState(StrEnum):
    """What one session is for one person at a given moment."""

    ATTENDED = "attended"
    MISSED = "missed"
    CAUGHT_UP = "caught_up"
    NOT_HELD = "not_held"  # on its date
    UNCONFIRMED = "unconfirmed"  # over, and nothing recorded
    UPCOMING = "coming"


@dataclass(frozen=True)
class CatchUpSession:
    """A catch-up for one session: booked while it has no outcome."""

    starts_at: datetime
    ends_at: datetime
    venue: str
    outcome: Outcome | None

    @property
    def attended(self) -> bool:
        """Whether the session is caught up by it."""
        return self.outcome is not None and self.outcome.kind is AttendanceKind.ATTENDED

    @property
    def rescheduled(self) -> bool:
        """Whether it is recorded as not held on its date."""
        return self.outcome is not None and self.outcome.kind is AttendanceKind.NOT_HELD


@dataclass(frozen=True)
class Absence:
    """What the person has said about not coming to one session."""

    reported_at: datetime
    has_reason: bool = False
    """Whether a reason was added afterwards."""
    withdrawn: bool = False


@dataclass(frozen=True)
class Session:
    """One session of a person's group, with what is recorded about them."""

    id: int
    number: int
    block: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    outcome: Outcome | None = None
    catch_ups: tuple[CatchUpSession, ...] = ()
    absence: Absence | None = None

    @property
    def reported(self) -> bool:
        """Whether the person has said that they can't come, and has not taken it back."""
        return self.absence is not None and not self.absence.withdrawn

    @property
    def caught_up(self) -> bool:
        """Whether one of the catch-ups was attended."""
        return any(c.attended for c in self.catch_ups)

    @property
    def missed(self) -> bool:
        """Whether it was held and the person was not there."""
        return self.outcome is not None and self.outcome.kind is AttendanceKind.MISSED

    @property
    def rescheduled(self) -> bool:
        """Whether it is recorded as not held on its date: nobody is to come then."""
        return self.outcome is not None and self.outcome.kind is AttendanceKind.NOT_HELD

    def state(self, now: datetime) -> SessionState:
        """Return what it is at ``now``."""
        if self.outcome is None:
            return SessionState.UPCOMING if self.ends_at > now else SessionState.UNCONFIRMED
        if self.missed:
            return SessionState.CAUGHT_UP if self.caught_up else SessionState.MISSED
        return SessionState.NOT_HELD if self.rescheduled else SessionState.ATTENDED

    @property
    def is_recorded(self) -> bool:
        """Whether the person has an outcome or a catch-up for it."""
        return self.outcome is not None or bool(self.catch_ups)

    @property
    def day(self) -> date:
        """The local date."""
        return local_day(self.starts_at)


@dataclass(frozen=True)
class Appointment:
    """An appointment that is no group session."""

    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    venue: str
