"""Saying that one cannot come: which session, read back, confirmed. What is noted is for staff to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.own import sessions
from actions.own.meant import left_out, meant
from actions.own.said import Asked, Said, Sentence, at, say
from bot.records.picture import Enrolment, Session
from bot.replies import when as words

_OFFERED = 3
_INTERRUPTIONS = 2
"""After so many other questions in between, what was begun is forgotten."""


@dataclass(frozen=True)
class Noted:
    """An absence that the person has confirmed."""

    enrolment_id: int
    session_id: int
    words: str


@dataclass(frozen=True)
class Step:
    """What comes of one message of the exchange: what to say, and what to note, once it is confirmed."""

    said: Said
    noted: Noted | None = None


def begin(asked: Asked) -> Step:
    """Find out which session is meant: read it back if it is clear, ask if it is not."""
    return _resolve(asked, asked.text)


def go_on(
    asked: Asked, state: Mapping[str, Any], *, agrees: bool, declines: bool, corrects: bool, place: int | None
) -> Step | None:
    """Understand the answer to what was asked; None where the message is about something else.

    ``corrects`` says that it names another day; ``place`` is which of the sessions offered was picked, from 0.
    """
    if declines:
        return Step(Said([say("absence_cancelled")]))
    if corrects:
        read_back = _find(asked, state["session_id"]) if state["stage"] == "confirm" else None
        return _resolve(asked, state["words"], read_back[1].starts_at if read_back else None)
    if state["stage"] == "confirm":
        session = _find(asked, state["session_id"])
        return _confirmed(asked, *session, state["words"]) if agrees and session else None
    offered = state["offered"]
    if place is not None and place < len(offered):
        session = _find(asked, offered[place])
        return _read_back(asked, *session, state["words"]) if session else None
    return None


def reminder(asked: Asked, state: Mapping[str, Any]) -> Said | None:
    """Come back to what was begun, after something else was asked; None where it is to be forgotten."""
    interruptions = state.get("interruptions", 0) + 1
    if interruptions > _INTERRUPTIONS:
        return None
    keep = {"absence": {**state, "interruptions": interruptions}}
    if state["stage"] == "which":
        offered = [found[1] for session_id in state["offered"] if (found := _find(asked, session_id))]
        return Said([say("absence_which")], options=tuple(title(s, asked) for s in offered), keep=keep)
    session = _find(asked, state["session_id"])
    return Said([say("absence_still", day=words.day(session[1].starts_at, asked.now))], keep=keep) if session else None


def title(session: Session, asked: Asked) -> str:
    """Return how a session is offered."""
    return f"{words.day(session.starts_at, asked.now)} ({session.number})"


def _resolve(asked: Asked, said: str, before: datetime | None = None) -> Step:
    """Find the sessions that are meant; ``before`` is the one that was read back last."""
    own = [(e, s) for e in asked.enrolments for s in e.known(asked.now)]
    to_come = [(e, s) for e, s in own if s.ends_at > asked.now]
    found = meant(asked, own, before)
    if found is None:
        to_come = [(e, s) for e, s in to_come if not left_out(asked, s)]
        if len(to_come) == 1:
            return _read_back(asked, *to_come[0], said)
        return _ask_which(asked, to_come[:_OFFERED], said) if to_come else Step(sessions.next_session(_plain(asked)))
    coming = [pair for pair in found if pair[1].ends_at > asked.now]
    if len(coming) == 1:
        return _read_back(asked, *coming[0], said)
    if coming:
        return _ask_which(asked, coming[:_OFFERED], said)
    if found:
        session = found[-1][1]
        return Step(Said([at("absence_past", session, asked.now, number=session.number)]))
    nothing = sessions.next_session(_plain(asked)).sentences
    return Step(Said([say("absence_no_session"), *nothing]))


def _read_back(asked: Asked, enrolment: Enrolment, session: Session, said: str) -> Step:
    state = {"stage": "confirm", "session_id": session.id, "words": said}
    sentence = at("absence_confirm", session, asked.now, number=session.number)
    return Step(Said([sentence], keep={"absence": state}))


def _ask_which(asked: Asked, offered: Sequence[tuple[Enrolment, Session]], said: str) -> Step:
    state = {"stage": "which", "offered": [session.id for _, session in offered], "words": said}
    titles = tuple(title(session, asked) for _, session in offered)
    return Step(Said([say("absence_which")], options=titles, keep={"absence": state}))


def _confirmed(asked: Asked, enrolment: Enrolment, session: Session, said: str) -> Step:
    sentences: list[Sentence] = [at("absence_noted", session, asked.now, number=session.number), say("absence_rule")]
    return Step(Said(sentences), Noted(enrolment.id, session.id, said))


def _find(asked: Asked, session_id: int) -> tuple[Enrolment, Session] | None:
    return next(((e, s) for e in asked.enrolments for s in e.own if s.id == session_id), None)


def _plain(asked: Asked) -> Asked:
    return Asked(asked.picture, asked.now, rendering=asked.rendering, caught_up_counts=asked.caught_up_counts)
