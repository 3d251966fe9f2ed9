"""Which days and which sessions a message means."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from actions.personal.said import PersonalQuery
from bot.records.participants.participant_record import LOCAL, Enrolment, Session
from bot.text.days import Days, later, one


class Dated(Protocol):
    """A session, or anything else on a day."""

    @property
    def day(self) -> date:
        """The local date."""


Pairs = list[tuple[Enrolment, Session]]


def meant(
    query: PersonalQuery, own: Sequence[tuple[Enrolment, Session]], before: datetime | None = None
) -> Pairs | None:
    """Return the sessions among ``own`` that are meant, in order; None where the message does not say, or not clearly.

    ``before`` is the session that an earlier message was about: "it is the week after".
    """
    if query.when.sessions:
        return [(e, s) for e, s in own if s.number in query.when.sessions]
    days = () if query.when.unsure else days_meant(query, before)
    if not days:
        return None
    return [(e, s) for e, s in own if any(s.day in each for each in days) and not left_out(query, s)]


def days_meant(query: PersonalQuery, before: datetime | None = None) -> tuple[Days, ...]:
    """Return the days that are named, or the one so many weeks after the session that was named before."""
    start = before or query.shown.session_start
    if query.when.named or not query.when.weeks_later or start is None:
        return query.when.named
    return (later(one(start.astimezone(LOCAL).date()), timedelta(weeks=query.when.weeks_later).days),)


def left_out(query: PersonalQuery, dated: Dated) -> bool:
    """Tell whether something is on a day that is said not to be meant."""
    return any(dated.day in days for days in query.when.excluded)
