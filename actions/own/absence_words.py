"""How an exchange about absences is worded: one session in a sentence, several as a list."""

from collections.abc import Sequence

from actions.own.absence_state import Stage, State
from actions.own.said import Asked, Said, Sentence, at, say
from bot.records.participants.participant_record import LOCAL, Enrolment, Session
from bot.replies import when as words

Pair = tuple[Enrolment, Session]
"""A session, and the enrolment that it is the person's by."""


def title(session: Session, asked: Asked) -> str:
    """Return how a session is offered."""
    return f"{words.day(session.starts_at, asked.now)} ({session.number})"


def about(name: str, pairs: Sequence[Pair], asked: Asked, *, ask: str | None = None) -> list[Sentence]:
    """Return the sentence ``name`` about one session; about several ``name``_days, the list, and what is asked."""
    if len(pairs) == 1:
        return [at(name, pairs[0][1], asked.now, number=pairs[0][1].number)]
    listed = [at("absence_day", session, asked.now, number=session.number) for _, session in pairs]
    lines = [Sentence(line.name, line.values, own_line=True) for line in listed]
    return [say(f"{name}_days"), *lines, *([Sentence(ask, own_line=True)] if ask else [])]


def confirm(pairs: Sequence[Pair], asked: Asked) -> list[Sentence]:
    """Return the read-back, and the question whether it is to be noted."""
    if len(pairs) == 1:
        return about("absence_confirm", pairs, asked)
    return about("absence", pairs, asked, ask="absence_confirm_days")


def withdraw(pairs: Sequence[Pair], asked: Asked) -> list[Sentence]:
    """Return what is noted, and the question whether staff are to be told that the person comes."""
    if len(pairs) == 1:
        return about("absence_withdraw", pairs, asked)
    return about("absence_noted", pairs, asked, ask="absence_withdraw_days")


def which(offered: Sequence[Pair], asked: Asked, state: State, *first: Sentence) -> Said:
    """Return the question which session is meant."""
    titles = tuple(title(session, asked) for _, session in offered)
    return Said([*first, say("absence_which")], options=titles, keep=keep(state))


def still(state: State, pairs: Sequence[Pair], asked: Asked) -> list[Sentence]:
    """Return the question that an exchange waits on, as it is asked after something else came between."""
    if state.stage is Stage.WITHDRAW:
        return [say("absence_withdraw_still")]
    if len(pairs) == 1:
        return [say("absence_still", day=words.day(pairs[0][1].starts_at, asked.now))]
    return [say("absence_still_days", count=len(pairs))]


def keep(state: State) -> dict[str, object]:
    """Return what the next message leans on."""
    return {"absence": state.to_json()}


def days_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the local days of the sessions, as ISO dates."""
    return tuple(session.starts_at.astimezone(LOCAL).date().isoformat() for _, session in pairs)
