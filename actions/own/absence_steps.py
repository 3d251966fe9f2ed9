"""One step of an exchange about absences: what is said, what is kept, and what becomes of the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.own import absence_words as worded
from actions.own.absence_state import Stage, State
from actions.own.absence_words import Pair
from actions.own.said import Asked, Said, Sentence, say


@dataclass(frozen=True)
class Note:
    """An absence that the person has confirmed."""

    enrolment_id: int
    session_id: int
    words: str
    reason: str | None = None


@dataclass(frozen=True)
class Withdraw:
    """A report that the person takes back."""

    enrolment_id: int
    session_id: int


@dataclass(frozen=True)
class AddReason:
    """A reason that the person adds to a report."""

    enrolment_id: int
    session_id: int
    reason: str


Change = Note | Withdraw | AddReason
"""What happens to the record."""


@dataclass(frozen=True)
class Step:
    """What comes of one message of the exchange."""

    said: Said
    changes: tuple[Change, ...] = ()


def read_back(asked: Asked, pairs: Sequence[Pair], state: State, *first: Sentence) -> Step:
    """Say which sessions were understood, and ask whether they are to be noted."""
    ids = tuple(session.id for _, session in pairs)
    state = replace(state, stage=Stage.CONFIRM, sessions=ids, days=worded.days_of(pairs))
    before = [say("absence_instead")] if state.replaces else []
    sentences = [*first, *before, *worded.confirm(pairs, asked)]
    return Step(Said(sentences, keep=worded.keep(state), asks=True))


def ask_again(asked: Asked, pairs: Sequence[Pair], state: State) -> Step:
    """Ask whether they are to be noted, without saying once more that the person cannot come: they may just have."""
    sentences = [say("absence_not_yet"), *worded.still(state, pairs, asked)]
    return Step(Said(sentences, keep=worded.keep(state), asks=True))


def ask_which(asked: Asked, offered: Sequence[Pair], state: State, *first: Sentence) -> Step:
    """Ask which of the sessions is meant."""
    state = replace(state, stage=Stage.WHICH, sessions=tuple(session.id for _, session in offered))
    return Step(worded.which(offered, asked, state, *first))


def note(asked: Asked, pairs: Sequence[Pair], state: State) -> Step:
    """Note the sessions for staff, and take back those that they replace."""
    noted = replace(state, stage=Stage.NOTED, replaces=(), age=0)
    sentences = [
        *worded.about("absence_noted", pairs, asked),
        _after_list(pairs, "absence_decide"),
        say("absence_rule"),
    ]
    taken_back = [Withdraw(e.id, s.id) for e, s in find(asked, state.replaces) if s.id not in state.sessions]
    new = [Note(e.id, s.id, state.words, state.reason or None) for e, s in pairs]
    return Step(Said(sentences, keep=worded.keep(noted)), (*taken_back, *new))


def offer_withdrawal(asked: Asked, pairs: Sequence[Pair], state: State, *first: Sentence) -> Step:
    """Say what is noted, and ask whether staff are to be told that the person comes."""
    ids = tuple(session.id for _, session in pairs)
    state = replace(state, stage=Stage.WITHDRAW, sessions=ids, days=worded.days_of(pairs), reminded=False)
    return Step(Said([*first, *worded.withdraw(pairs, asked)], keep=worded.keep(state), asks=True))


def withdraw(asked: Asked, pairs: Sequence[Pair], state: State) -> Step:
    """Tell staff that the person comes after all."""
    sentences = worded.about("absence_withdrawn", pairs, asked)
    keep = worded.keep(replace(state, stage=Stage.WITHDRAWN, age=0))
    return Step(Said(sentences, keep=keep), tuple(Withdraw(e.id, s.id) for e, s in pairs))


def add_reason(asked: Asked, pairs: Sequence[Pair], state: State) -> Step:
    """Add what was written to the reports."""
    added = tuple(AddReason(e.id, s.id, asked.text) for e, s in pairs)
    return Step(Said([say("absence_reason_added")], keep=worded.keep(replace(state, age=0))), added)


def noted_already(asked: Asked, pairs: Sequence[Pair], state: State) -> Step:
    """Say that it is noted."""
    return Step(Said(worded.about("absence_already", pairs, asked), keep=worded.keep(state)))


def drop(state: State, *sentences: Sentence) -> Step:
    """Let go of what was begun; nothing is noted."""
    return Step(Said(sentences, keep=worded.keep(replace(state, stage=Stage.DROPPED, age=0))))


def same(state: State, *sentences: Sentence) -> Step:
    """Say something, and leave the exchange where it is."""
    return Step(Said(sentences, keep=worded.keep(state), asks=state.asks))


def find(asked: Asked, ids: Sequence[int]) -> list[Pair]:
    """Return those of the person's sessions that are still there, in order."""
    return [(e, s) for e in asked.enrolments for s in e.own if s.id in ids]


def _after_list(pairs: Sequence[Pair], name: str) -> Sentence:
    return Sentence(name, own_line=len(pairs) > 1)
