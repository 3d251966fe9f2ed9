"""Which sessions of a group are a person's: the one rule that answers, the kiosk, registers and staff pages go by.

A session is a person's if something is recorded about them there, or if it falls into their time in the group. Once
that time has ended, the sessions that the group goes on to hold are no longer theirs.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.records.enums import Status

LOCAL = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Membership:
    """A person's time in a group; a day that is not known is no limit."""

    status: Status
    first_day: date | None = None
    last_day: date | None = None

    @property
    def has_ended(self) -> bool:
        """Whether the person has completed the programme in this group, or has left the group."""
        return self.status in (Status.COMPLETED, Status.WITHDRAWN)

    def covers(self, day: date) -> bool:
        """Return whether a local day falls into the person's time in the group."""
        after = self.first_day is None or self.first_day <= day
        return after and (self.last_day is None or day <= self.last_day)

    def applies_to(self, starts_at: datetime, *, is_recorded: bool) -> bool:
        """Return whether a session is or was meant for the person, whatever became of their time in the group.

        ``is_recorded`` says that there is an outcome or a catch-up of theirs for the session.
        """
        return is_recorded or self.covers(local_day(starts_at))

    def includes(self, starts_at: datetime, now: datetime, *, is_recorded: bool) -> bool:
        """Return whether a session is the person's at ``now``: it applies to them, and they did not leave before it."""
        applies = self.applies_to(starts_at, is_recorded=is_recorded)
        return applies and (is_recorded or not self.has_ended or starts_at <= now)

    def is_active(self, now: datetime) -> bool:
        """Return whether the person is in the group today, suspended or not."""
        return not self.has_ended and self.covers(local_day(now))

    def is_upcoming(self, now: datetime) -> bool:
        """Return whether the person's time in the group is still to come."""
        return not self.has_ended and self.first_day is not None and self.first_day > local_day(now)


def local_day(moment: datetime) -> date:
    """Return the date of an instant in London."""
    return moment.astimezone(LOCAL).date()
