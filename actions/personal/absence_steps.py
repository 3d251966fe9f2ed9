"""One step of an exchange about absences: what is said, what is kept, and what becomes of the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.personal import absence_words as worded
from actions.personal.absence_words import Pair
from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, phrase
from bot.conversation.absence_state import AbsenceState, Stage


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
class ExchangeStep:
    """What comes of one message of the exchange."""

    plan: ResponsePlan
    changes: tuple[Change, ...] = ()


def read_back(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState, *first: Phrase) -> ExchangeStep:
    """Say which sessions were understood, and ask whether they are to be noted."""
    ids = tuple(session.id for _, session in pairs)
    state = replace(state, stage=Stage.CONFIRM, sessions=ids, days=worded.days_of(pairs))
    before = [phrase("absence_instead")] if state.replaces else []
    sentences = [*first, *before, *worded.confirm(pairs, query)]
    return ExchangeStep(ResponsePlan(sentences, keep=worded.keep(state), asks=True))


def ask_again(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState) -> ExchangeStep:
    """Ask whether they are to be noted, without saying once more that the person cannot come: they may just have."""
    sentences = [phrase("absence_not_yet"), *worded.still(state, pairs, query)]
    return ExchangeStep(ResponsePlan(sentences, keep=worded.keep(state), asks=True))


def ask_which(query: PersonalQuery, offered: Sequence[Pair], state: AbsenceState, *first: Phrase) -> ExchangeStep:
    """Ask which of the sessions is meant."""
    state = replace(state, stage=Stage.WHICH, sessions=tuple(session.id for _, session in offered))
    return ExchangeStep(worded.which(offered, query, state, *first))


def note(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState) -> ExchangeStep:
    """Note the sessions for staff, and take back those that they replace."""
    noted = replace(state, stage=Stage.NOTED, replaces=(), age=0)
    sentences = [
        *worded.about("absence_noted", pairs, query),
        _after_list(pairs, "absence_decide"),
        phrase("absence_rule"),
    ]
    taken_back = [Withdraw(e.id, s.id) for e, s in find(query, state.replaces) if s.id not in state.sessions]
    new = [Note(e.id, s.id, state.words, state.reason or None) for e, s in pairs]
    return ExchangeStep(ResponsePlan(sentences, keep=worded.keep(noted)), (*taken_back, *new))


def offer_withdrawal(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState, *first: Phrase) -> ExchangeStep:
    """Say what is noted, and ask whether staff are to be told that the person comes."""
    ids = tuple(session.id for _, session in pairs)
    state = replace(state, stage=Stage.WITHDRAW, sessions=ids, days=worded.days_of(pairs), reminded=False)
    return ExchangeStep(ResponsePlan([*first, *worded.withdraw(pairs, query)], keep=worded.keep(state), asks=True))


def withdraw(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState) -> ExchangeStep:
    """Tell staff that the person comes after all."""
    sentences = worded.about("absence_withdrawn", pairs, query)
    keep = worded.keep(replace(state, stage=Stage.WITHDRAWN, age=0))
    return ExchangeStep(ResponsePlan(sentences, keep=keep), tuple(Withdraw(e.id, s.id) for e, s in pairs))


def add_reason(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState) -> ExchangeStep:
    """Add what was written to the reports."""
    added = tuple(AddReason(e.id, s.id, query.text) for e, s in pairs)
    return ExchangeStep(ResponsePlan([phrase("absence_reason_added")], keep=worded.keep(replace(state, age=0))), added)


def noted_already(query: PersonalQuery, pairs: Sequence[Pair], state: AbsenceState) -> ExchangeStep:
    """Say that it is noted."""
    return ExchangeStep(ResponsePlan(worded.about("absence_already", pairs, query), keep=worded.keep(state)))


def drop(state: AbsenceState, *sentences: Phrase) -> ExchangeStep:
    """Let go of what was begun; nothing is noted."""
    return ExchangeStep(ResponsePlan(sentences, keep=worded.keep(replace(state, stage=Stage.DROPPED, age=0))))


def same(state: AbsenceState, *sentences: Phrase) -> ExchangeStep:
    """Say something, and leave the exchange where it is."""
    return ExchangeStep(ResponsePlan(sentences, keep=worded.keep(state), asks=state.asks))


def find(query: PersonalQuery, ids: Sequence[int]) -> list[Pair]:
    """Return those of the person's sessions that are still there, in order."""
    return [(e, s) for e in query.enrolments for s in e.applicable_sessions if s.id in ids]


def _after_list(pairs: Sequence[Pair], name: str) -> Phrase:
    return Phrase(name, own_line=len(pairs) > 1)
