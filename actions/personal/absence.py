"""An exchange about absences, once it is begun: what each message does in each stage.

The stages are in :mod:`bot.conversation.absence_state`, what a message can do in each in
:mod:`bot.dialogue.absence_exchange`. What is noted is for staff to decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from actions.personal import absence_steps as steps
from actions.personal import absence_words as worded
from actions.personal.absence_begin import OFFERED, begin, coming, reported, resolve, status, to_come
from actions.personal.absence_steps import ExchangeStep
from actions.personal.absence_words import Pair
from actions.personal.meant import left_out
from actions.personal.said import PersonalQuery, ResponsePlan, phrase
from bot.conversation.absence_state import AbsenceState, Stage
from bot.dialogue.absence_exchange import ExchangeAnswer, takes
from bot.dialogue.exchange import SIDE_QUESTIONS, Event
from bot.dialogue.yes_no import Agreement

__all__ = ["begin", "go_on", "reminder"]


def go_on(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    """Return what comes of a message in the exchange; None where it is about something else."""
    if not takes(state, answer.event):
        return None
    if answer.event in SIDE_QUESTIONS:
        return _side_question(query, state, answer.event)
    if not steps.find(query, state.sessions):  # the sessions are gone from the record
        return begin(query, answer.event) if query.when else steps.drop(state, phrase("absence_cancelled"))
    return _STAGES[state.stage](query, state, answer)


def reminder(query: PersonalQuery, state: AbsenceState) -> ResponsePlan | None:
    """Come back, once, to what was begun, after something else was asked; None where nothing is to be said."""
    pairs = steps.find(query, state.sessions)
    if not state.waits or state.reminded or not pairs:
        return None
    state = replace(state, reminded=True)
    if state.stage is Stage.WHICH:
        return worded.which(pairs, query, state)
    return ResponsePlan(worded.still(state, pairs, query), keep=worded.keep(state), asks=True)


def _which(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    pairs = steps.find(query, state.sessions)
    if answer.event is Event.NAMES_DAY:
        return resolve(query, state)
    if answer.event is Event.PICKS:
        return steps.read_back(query, [pairs[answer.place]], state) if answer.place < len(pairs) else None
    if answer.event is Event.ALL:
        return steps.read_back(query, pairs, state)
    if answer.event is Event.REASON:
        return steps.ask_which(query, pairs, _with_reason(state, query), phrase("absence_reason_kept"))
    return steps.drop(state, phrase("absence_cancelled"))


def _confirm(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    pairs = steps.find(query, state.sessions)
    if answer.event in (Event.AGREES, Event.ALL):
        return steps.note(query, pairs, _with_reason(state, query) if answer.because else state)
    if answer.event is Event.NAMES_DAY:
        return _corrected(query, state, answer, pairs)
    if answer.event is Event.REASON:
        return steps.read_back(query, pairs, _with_reason(state, query), phrase("absence_reason_kept"))
    gives_up = answer.event in (Event.DECLINES, Event.WITHDRAWS)
    if gives_up or (answer.event is Event.COMES and answer.begins is not Agreement.YES):
        return _given_up(state)
    return steps.ask_again(query, pairs, state)


def _corrected(
    query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer, pairs: Sequence[Pair]
) -> ExchangeStep:
    """Put other days in the place of those read back; or add some; or leave some out."""
    if answer.adds:
        more = [pair for pair in coming(query, pairs[0]) if pair not in pairs]
        together = sorted([*pairs, *more], key=lambda pair: pair[1].starts_at)
        return steps.read_back(query, together, state) if more else resolve(query, state, pairs[0])
    kept = [pair for pair in pairs if not left_out(query, pair[1])]
    if not query.when.named and kept and len(kept) < len(pairs):
        return steps.read_back(query, kept, state)
    step = resolve(query, state, pairs[0])
    if answer.begins is Agreement.NO and _reads_back(
        step, pairs
    ):  # "no, it's next Tuesday", and we took it for the same
        others = [pair for pair in to_come(query) if pair not in pairs]
        return steps.ask_which(query, others[:OFFERED], state) if others else step
    if step.plan.keep.absence:
        return step
    return replace(step, plan=replace(step.plan, sentences=[phrase("absence_not_yet"), *step.plan.sentences]))


def _noted(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    pairs = [pair for pair in steps.find(query, state.sessions) if pair[1].reported]
    if answer.event is Event.NAMES_DAY:
        replaces = tuple(session.id for _, session in pairs) if answer.begins is Agreement.NO else ()
        step = resolve(
            query, AbsenceState(Stage.WHICH, words=query.text, replaces=replaces), pairs[0] if pairs else None
        )
        if (
            replaces and not step.plan.keep.absence
        ):  # nothing is on that day: what was noted must not be thought changed
            return steps.offer_withdrawal(query, pairs, state, phrase("absence_no_session"))
        return step
    if answer.event in (Event.COMES, Event.UNSURE, Event.DECLINES, Event.WITHDRAWS, Event.UNCLEAR):
        meant = _named(query, pairs)
        return steps.offer_withdrawal(query, meant, state) if meant else begin(query, Event.COMES)
    if answer.event is Event.REASON and pairs:
        return steps.add_reason(query, pairs, state)
    return steps.noted_already(query, pairs, state) if pairs else begin(query, answer.event)


def _named(query: PersonalQuery, pairs: Sequence[Pair]) -> list[Pair]:
    """Return those of the sessions that a message names, or leaves out of what was noted ("not the 8th"); else all."""
    left = [pair for pair in pairs if left_out(query, pair[1])]
    return left or [pair for pair in reported(query) if pair in pairs]


def _reads_back(step: ExchangeStep, pairs: Sequence[Pair]) -> bool:
    state = step.plan.keep.absence
    same = state is not None and set(state.sessions) == {session.id for _, session in pairs}
    return same and state is not None and state.stage is Stage.CONFIRM


def _withdraw(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    pairs = steps.find(query, state.sessions)
    if answer.event in (Event.AGREES, Event.COMES, Event.ALL, Event.WITHDRAWS):
        return steps.withdraw(query, pairs, state)
    if answer.event in (Event.DECLINES, Event.CANNOT):
        kept = worded.keep(replace(state, stage=Stage.NOTED, age=0))
        return ExchangeStep(ResponsePlan([phrase("absence_kept")], keep=kept))
    named = reported(query) if answer.event is Event.NAMES_DAY else []
    return steps.offer_withdrawal(query, named or pairs, state)


def _withdrawn(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    if answer.event is Event.CANNOT:
        pairs = steps.find(query, state.sessions)
        again = AbsenceState(Stage.WHICH, words=query.text)
        return resolve(query, again) if query.when else steps.read_back(query, pairs, again)
    return steps.same(state, phrase("absence_withdrawn_already"))


def _dropped(query: PersonalQuery, state: AbsenceState, answer: ExchangeAnswer) -> ExchangeStep | None:
    return steps.same(state, phrase("absence_cancelled"))


_STAGES: Mapping[Stage, Callable[[PersonalQuery, AbsenceState, ExchangeAnswer], ExchangeStep | None]] = {
    Stage.WHICH: _which,
    Stage.CONFIRM: _confirm,
    Stage.NOTED: _noted,
    Stage.WITHDRAW: _withdraw,
    Stage.WITHDRAWN: _withdrawn,
    Stage.DROPPED: _dropped,
}


def _given_up(state: AbsenceState) -> ExchangeStep:
    """Note nothing; what was noted before, and was to be replaced, stays."""
    if not state.replaces:
        return steps.drop(state, phrase("absence_cancelled"))
    kept = replace(state, stage=Stage.NOTED, sessions=state.replaces, replaces=(), age=0)
    return ExchangeStep(ResponsePlan([phrase("absence_kept")], keep=worded.keep(kept)))


def _side_question(query: PersonalQuery, state: AbsenceState, event: Event) -> ExchangeStep:
    if event is Event.ASKS_NOTED:
        return _is_it_noted(query, state)
    return steps.same(state, phrase(_EXPLAINED[event]))


def _is_it_noted(query: PersonalQuery, state: AbsenceState) -> ExchangeStep:
    """Say what is noted; where nothing is so far, that it waits for an answer."""
    pairs = steps.find(query, state.sessions)
    if not state.waits or not pairs:
        return status(query)
    if state.stage is Stage.WHICH:
        return steps.ask_which(query, pairs, state, phrase("absence_not_yet"))
    if state.stage is Stage.CONFIRM:
        return steps.read_back(query, pairs, state, phrase("absence_not_yet"))
    return steps.offer_withdrawal(query, pairs, state)


_EXPLAINED = {
    Event.ASKS_WHY: "absence_why",
    Event.ASKS_WHO_SEES: "absence_who_sees",
    Event.ASKS_PROOF: "absence_proof",
}


def _with_reason(state: AbsenceState, query: PersonalQuery) -> AbsenceState:
    return replace(state, reason="\n".join(filter(None, (state.reason, query.text))))
