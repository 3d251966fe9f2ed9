"""Which sessions a message means by its days, or by their numbers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.own.said import Asked
from bot.records.picture import LOCAL, Enrolment, Session
from bot.text.days import Days, later, one

Pairs = list[tuple[Enrolment, Session]]


def meant(asked: Asked, own: Sequence[tuple[Enrolment, Session]], before: datetime | None = None) -> Pairs | None:
    """Return the sessions among ``own`` that are meant, in order; None where the message does not say, or not clearly.

    ``before`` is the session that an earlier message was about: "it is the week after".
    """
    when = asked.when
    if when.sessions:
        return [(e, s) for e, s in own if s.number in when.sessions]
    if when.unsure:
        return None
    named = when.named or tuple(_counted_on(asked, before))
    if not named:
        return None
    return [(e, s) for e, s in own if any(s.day in days for days in named) and not left_out(asked, s)]


def left_out(asked: Asked, session: Session) -> bool:
    """Tell whether a session is on a day that is said not to be meant."""
    return any(session.day in days for days in asked.when.excluded)


def _counted_on(asked: Asked, before: datetime | None) -> list[Days]:
    """Return the day so many weeks after the session that was named before."""
    if not asked.when.weeks_later or before is None:
        return []
    return [later(one(before.astimezone(LOCAL).date()), timedelta(weeks=asked.when.weeks_later).days)]
