"""One person's record as plain values, and what can be read from it at a given moment; the database is not used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.records.attendance import attendance_rule
from bot.records.attendance.attendance_rule import Count, SessionAttendance
from bot.records.enums import ScheduleOption, Status
from bot.records.participants.membership import LOCAL, Membership
from bot.records.participants.person_sessions import Absence, Appointment, CatchUpSession, Session, SessionState

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
