"""One person's record as plain values, and what can be read from it at a given moment; the database is not used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.records.attendance import attendance_rule
from bot.records.attendance.attendance_rule import Count, SessionAttendance
from bot.records.enums import AppointmentKind, AttendanceKind, Outcome, ScheduleOption, Status
from bot.records.participants.membership import LOCAL, Membership, local_day

__all__ = [
    "LOCAL",
    "Absence",
    "Appointment",
    "CatchUpSession",
    "Enrolment",
    "ParticipantRecord",
    "Session",
    "SessionState",
]


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


@dataclass(frozen=True)
class Enrolment:
    """A person's time in one group, with the group's sessions in order of time."""

    id: int
    group: str
    option: ScheduleOption
    status: Status
    first_day: date | None
    last_day: date | None
    sessions: tuple[Session, ...] = ()

    @property
    def membership(self) -> Membership:
        """The rule that says which of the sessions are the person's."""
        return Membership(self.status, self.first_day, self.last_day)

    @property
    def ended(self) -> bool:
        """Whether nothing more is to come of it: completed, or left."""
        return self.membership.has_ended

    @property
    def applicable_sessions(self) -> list[Session]:
        """The sessions in the person's time in the group, and those with something recorded for them."""
        membership = self.membership
        return [s for s in self.sessions if membership.applies_to(s.starts_at, is_recorded=s.is_recorded)]

    def visible_sessions(self, now: datetime) -> list[Session]:
        """Return the sessions that are the person's at ``now``: what registers, the kiosk and staff pages show."""
        membership = self.membership
        return [s for s in self.sessions if membership.includes(s.starts_at, now, is_recorded=s.is_recorded)]

    def past_sessions(self, now: datetime) -> list[Session]:
        """Return the person's sessions that were held and have ended."""
        return [s for s in self.visible_sessions(now) if s.ends_at <= now and not s.rescheduled]

    def upcoming_sessions(self, now: datetime) -> list[Session]:
        """Return the person's sessions that take place and have not started."""
        return [s for s in self._open_sessions(now) if s.starts_at > now and not s.rescheduled]

    def cancelled_sessions(self, now: datetime) -> list[Session]:
        """Return the person's sessions that were cancelled and whose time has not passed."""
        return [s for s in self._open_sessions(now) if s.ends_at > now and s.rescheduled]

    def current_session(self, now: datetime) -> Session | None:
        """Return the session that is on right now."""
        on_now = (s for s in self._open_sessions(now) if s.starts_at <= now < s.ends_at and not s.rescheduled)
        return next(on_now, None)

    def count(self, now: datetime, block: str | None = None) -> Count:
        """Count the sessions that are over, of the whole programme or of one block."""
        # A session that is on counts once it is recorded: a register is often filled in before the end.
        held = [s for s in self.visible_sessions(now) if s.ends_at <= now or (s.outcome and s.starts_at <= now)]
        held = [s for s in held if block in (None, s.block)]
        return attendance_rule.count(SessionAttendance(s.outcome, s.caught_up) for s in held)

    def current_block(self, now: datetime) -> str | None:
        """Return the block of the next session, else of the last one held; None where there is no session."""
        following = self.current_session(now) or next(iter(self.upcoming_sessions(now)), None)
        last = self.past_sessions(now)[-1:] or self.applicable_sessions[:1]
        return following.block if following else last[0].block if last else None

    def is_active(self, now: datetime) -> bool:
        """Return whether the person is in this group today, suspended or not."""
        return self.membership.is_active(now)

    def is_upcoming(self, now: datetime) -> bool:
        """Return whether the person's time in this group is still to come."""
        return self.membership.is_upcoming(now)

    def _open_sessions(self, now: datetime) -> list[Session]:
        """Return the sessions that the person may still come to; none of an enrolment that has ended."""
        return [] if self.ended else self.visible_sessions(now)


@dataclass(frozen=True)
class ParticipantRecord:
    """Everything that a person's own answers are made from."""

    participant_id: int
    preferred_name: str
    programme_sessions: int
    allowed_misses: int
    enrolments: tuple[Enrolment, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    def current_enrolments(self, now: datetime) -> list[Enrolment]:
        """Return the enrolments that answers are about: those going on, else those to come, else the last one."""
        active = [e for e in self.enrolments if e.is_active(now)]
        upcoming = [e for e in self.enrolments if e.is_upcoming(now)]
        return active or upcoming or _latest(self.enrolments)

    def earlier_enrolments(self, now: datetime) -> list[Enrolment]:
        """Return the enrolments before those: a block begun once already, often with another group."""
        current = self.current_enrolments(now)
        return [e for e in self.enrolments if e not in current]


def _latest(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    return [max(enrolments, key=lambda e: (e.first_day or date.min, e.id))] if enrolments else []
