"""How an exchange about absences is worded: one session in a sentence, several as a list."""

from collections.abc import Sequence

from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, event_phrase, phrase
from bot.conversation.absence_state import AbsenceState, Stage
from bot.conversation.state import PersonalContext
from bot.records.participants.participant_record import LOCAL, Enrolment, Session
from bot.replies import when as words

Pair = tuple[Enrolment, Session]
"""A session, and the enrolment that it is the person's by."""


def title(session: Session, query: PersonalQuery) -> str:
    """Return how a session is offered."""
    return f"{words.day(session.starts_at, query.now)} ({session.number})"


def about(name: str, pairs: Sequence[Pair], query: PersonalQuery, *, ask: str | None = None) -> list[Phrase]:
    """Return the sentence ``name`` about one session; about several ``name``_days, the list, and what is asked."""
    if len(pairs) == 1:
        return [event_phrase(name, pairs[0][1], query.now, number=pairs[0][1].number)]
    listed = [event_phrase("absence_day", session, query.now, number=session.number) for _, session in pairs]
    lines = [Phrase(line.name, line.values, own_line=True) for line in listed]
    return [phrase(f"{name}_days"), *lines, *([Phrase(ask, own_line=True)] if ask else [])]


def confirm(pairs: Sequence[Pair], query: PersonalQuery) -> list[Phrase]:
    """Return the read-back, and the question whether it is to be noted."""
    if len(pairs) == 1:
        return about("absence_confirm", pairs, query)
    return about("absence", pairs, query, ask="absence_confirm_days")


def withdraw(pairs: Sequence[Pair], query: PersonalQuery) -> list[Phrase]:
    """Return what is noted, and the question whether staff are to be told that the person comes."""
    if len(pairs) == 1:
        return about("absence_withdraw", pairs, query)
    return about("absence_noted", pairs, query, ask="absence_withdraw_days")


def which(offered: Sequence[Pair], query: PersonalQuery, state: AbsenceState, *first: Phrase) -> ResponsePlan:
    """Return the question which session is meant."""
    titles = tuple(title(session, query) for _, session in offered)
    return ResponsePlan([*first, phrase("absence_which")], options=titles, keep=keep(state))


def still(state: AbsenceState, pairs: Sequence[Pair], query: PersonalQuery) -> list[Phrase]:
    """Return the question that an exchange waits on, as it is asked after something else came between."""
    if state.stage is Stage.WITHDRAW:
        return [phrase("absence_withdraw_still")]
    if len(pairs) == 1:
        return [phrase("absence_still", day=words.day(pairs[0][1].starts_at, query.now))]
    return [phrase("absence_still_days", count=len(pairs))]


def keep(state: AbsenceState) -> PersonalContext:
    """Return what the next message may refer to."""
    return PersonalContext(absence=state)


def days_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the local days of the sessions, as ISO dates."""
    return tuple(session.starts_at.astimezone(LOCAL).date().isoformat() for _, session in pairs)
