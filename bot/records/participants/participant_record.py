"""One person's record as plain values, and what can be read from it at a given moment. No database in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.records.attendance import attendance_rule
from bot.records.attendance.attendance_rule import Count, SessionAttendance
from bot.records.enums import AppointmentKind, AttendanceKind, Option, Outcome, Status

LOCAL = ZoneInfo("Europe/London")


class EnrolmentState(StrEnum):
    """What one session is for one person at a given moment."""

    ATTENDED = "attended"
    MISSED = "missed"
    CAUGHT_UP = "caught_up"
    NOT_HELD = "not_held"  # on its date
    UNCONFIRMED = "unconfirmed"  # over, and nothing recorded
    COMING = "coming"


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
    """One session of a person's group, with what is recorded about him."""

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

    def state(self, now: datetime) -> EnrolmentState:
        """Return what it is at ``now``."""
        if self.outcome is None:
            return EnrolmentState.COMING if self.ends_at > now else EnrolmentState.UNCONFIRMED
        if self.missed:
            return EnrolmentState.CAUGHT_UP if self.caught_up else EnrolmentState.MISSED
        return EnrolmentState.NOT_HELD if self.rescheduled else EnrolmentState.ATTENDED

    @property
    def day(self) -> date:
        """The local date."""
        return self.starts_at.astimezone(LOCAL).date()


@dataclass(frozen=True)
class Appointment:
    """An appointment that is no group session."""

    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    venue: str


@dataclass(frozen=True)
class Enrolment:
    """A person's time in one group, its sessions in order of time."""

    id: int
    group: str
    option: Option
    status: Status
    first_day: date | None
    last_day: date | None
    sessions: tuple[Session, ...] = ()

    @property
    def own(self) -> list[Session]:
        """The sessions that fall into the person's time in the group, or have something recorded for him."""
        return [s for s in self.sessions if s.outcome or s.catch_ups or self._covers(s.day)]

    @property
    def ended(self) -> bool:
        """Whether nothing more is to come of it: completed, or left."""
        return self.status in (Status.COMPLETED, Status.WITHDRAWN)

    def known(self, now: datetime) -> list[Session]:
        """Return the person's sessions; of an enrolment that ended, not those that the group still has."""
        return [s for s in self.own if not self.ended or s.outcome or s.starts_at <= now]

    def over(self, now: datetime) -> list[Session]:
        """Return the sessions that were held and have ended."""
        return [s for s in self.own if s.ends_at <= now and not s.rescheduled]

    def coming(self, now: datetime) -> list[Session]:
        """Return the sessions that take place and have not started."""
        return [] if self.ended else [s for s in self.own if s.starts_at > now and not s.rescheduled]

    def called_off(self, now: datetime) -> list[Session]:
        """Return the sessions that were cancelled and whose time has not passed."""
        return [] if self.ended else [s for s in self.own if s.ends_at > now and s.rescheduled]

    def running(self, now: datetime) -> Session | None:
        """Return the session that is on right now."""
        on_now = (s for s in self.own if s.starts_at <= now < s.ends_at and not s.rescheduled)
        return None if self.ended else next(on_now, None)

    def count(self, now: datetime, block: str | None = None) -> Count:
        """Count the sessions that are over, of the whole programme or of one block."""
        # A session that is on counts once it is recorded: a register is often filled in before the end.
        held = [s for s in self.own if s.ends_at <= now or (s.outcome and s.starts_at <= now)]
        held = [s for s in held if block in (None, s.block)]
        return attendance_rule.count(SessionAttendance(s.outcome, s.caught_up) for s in held)

    def block_now(self, now: datetime) -> str | None:
        """Return the block of the next session, else of the last one held; None where there is no session."""
        following = self.running(now) or next(iter(self.coming(now)), None)
        last = self.over(now)[-1:] or self.own[:1]
        return following.block if following else last[0].block if last else None

    def goes_on(self, now: datetime) -> bool:
        """Whether the person is in this group today, suspended or not."""
        return self.status in (Status.ACTIVE, Status.SUSPENDED) and self._covers(now.astimezone(LOCAL).date())

    def begins_later(self, now: datetime) -> bool:
        """Whether the person's time in this group is still to come."""
        today = now.astimezone(LOCAL).date()
        in_use = self.status in (Status.ACTIVE, Status.SUSPENDED)
        return in_use and self.first_day is not None and self.first_day > today

    def _covers(self, day: date) -> bool:
        after = self.first_day is None or self.first_day <= day
        return after and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class ParticipantRecord:
    """Everything that a person's own answers are made from."""

    participant_id: int
    preferred_name: str
    programme_sessions: int
    allowed_misses: int
    enrolments: tuple[Enrolment, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    def current(self, now: datetime) -> list[Enrolment]:
        """Return the enrolments that answers are about: those going on, else those to come, else the last one."""
        going_on = [e for e in self.enrolments if e.goes_on(now)]
        to_come = [e for e in self.enrolments if e.begins_later(now)]
        return going_on or to_come or _latest(self.enrolments)

    def earlier(self, now: datetime) -> list[Enrolment]:
        """Return the enrolments before those: a block begun once already, often with another group."""
        current = self.current(now)
        return [e for e in self.enrolments if e not in current]


def _latest(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    return [max(enrolments, key=lambda e: (e.first_day or date.min, e.id))] if enrolments else []
