"""How an exchange about absences begins: which sessions a message means, and what it says about them."""

from dataclasses import replace

from actions.personal import absence_steps as steps
from actions.personal import absence_words as worded
from actions.personal import sessions
from actions.personal.absence_steps import ExchangeStep
from actions.personal.absence_words import Pair
from actions.personal.dated import about
from actions.personal.meant import left_out, meant
from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, event_phrase, phrase
from bot.conversation.absence_state import AbsenceState, Stage
from bot.dialogue.exchange import Event
from bot.replies import when as words
from bot.text.dates import When

OFFERED = 3
"""So many sessions are offered where it is not clear which is meant."""
_MOST = 6
"""So many sessions are read back together; of more, the next ones are offered."""


def begin(query: PersonalQuery, event: Event) -> ExchangeStep:
    """Answer a message that is about not coming, or about what was reported, with nothing begun before."""
    if event in (Event.COMES, Event.UNSURE):
        return comes(query)
    if event is Event.ASKS_NOTED:
        return status(query)
    if event is Event.WITHDRAWS and reported(query):
        return steps.offer_withdrawal(query, reported(query), AbsenceState(Stage.WITHDRAW, words=query.text))
    if event is Event.MISSED and not query.when:
        return _missed(query)
    return resolve(query, AbsenceState(Stage.WHICH, words=query.text))


def resolve(query: PersonalQuery, state: AbsenceState, before: Pair | None = None) -> ExchangeStep:
    """Find the sessions that are meant, and read them back; ask where it is not clear.

    ``before`` is the session that was read back last: "it is the week after".
    """
    own = _known(query)
    found = meant(query, own, before[1].starts_at if before else None)
    if found is None:
        return _unclear(query, [(e, s) for e, s in own if not left_out(query, s)], state)
    ahead = [(e, s) for e, s in found if s.ends_at > query.now and not s.rescheduled]
    called_off = [about(session, query) for _, session in found if session.rescheduled]
    if ahead and len(ahead) <= _MOST:
        return steps.read_back(query, ahead, state, *called_off, *_without_session(query, own))
    if ahead:
        return steps.ask_which(query, ahead[:OFFERED], state)
    if called_off:
        return ExchangeStep(ResponsePlan(called_off))
    if found:
        return _over(query, found[-1])
    nothing = sessions.next_session(_plain(query)).sentences
    return ExchangeStep(ResponsePlan([phrase("absence_no_session"), *nothing]))


def coming(query: PersonalQuery, before: Pair) -> list[Pair]:
    """Return the sessions to come that a message names, seen from the session named ``before``."""
    return meant(query, to_come(query), before[1].starts_at) or []


def comes(query: PersonalQuery) -> ExchangeStep:
    """Answer somebody who says that they come: take back what they reported, or say that nothing is noted."""
    live = reported(query)
    if live:
        return steps.offer_withdrawal(query, live, AbsenceState(Stage.WITHDRAW, words=query.text))
    named = [pair for pair in meant(query, _known(query)) or [] if pair[1].ends_at > query.now][:OFFERED]
    days = [about(session, query) for _, session in named]
    if named and all(session.rescheduled for _, session in named):  # "if you come" would send them there
        return ExchangeStep(ResponsePlan(days))
    still = reported(replace(query, when=When()))
    if not still:
        return ExchangeStep(ResponsePlan([phrase("absence_comes"), *days]))
    state = AbsenceState(Stage.NOTED, tuple(s.id for _, s in still), words=query.text)
    noted = worded.about("absence_already", still, query)
    return ExchangeStep(ResponsePlan([phrase("absence_comes"), *days, *noted], keep=worded.keep(state)))


def status(query: PersonalQuery) -> ExchangeStep:
    """Say what is noted."""
    live = reported(query)
    if live:
        state = AbsenceState(Stage.NOTED, tuple(s.id for _, s in live), words=query.text)
        return steps.noted_already(query, live, state)
    called_off = [about(session, query) for _, session in _reported_before(query) if session.rescheduled]
    if called_off:
        return ExchangeStep(ResponsePlan(called_off))
    if _reported_before(query):
        return ExchangeStep(ResponsePlan(worded.about("absence_already", _reported_before(query), query)))
    return ExchangeStep(ResponsePlan([phrase("absence_none_noted_then" if query.when else "absence_none_noted")]))


def reported(query: PersonalQuery) -> list[Pair]:
    """Return the sessions to come that the person has reported, those of the days that are named where any are."""
    live = [(e, s) for e, s in to_come(query) if s.reported]
    found = meant(query, live) if query.when else None
    return live if found is None else found


def to_come(query: PersonalQuery) -> list[Pair]:
    """Return the person's sessions that are not over, without those that are cancelled."""
    return [(e, s) for e, s in _known(query) if s.ends_at > query.now and not s.rescheduled]


def _known(query: PersonalQuery) -> list[Pair]:
    return [(e, s) for e in query.enrolments for s in e.visible_sessions(query.now)]


def _reported_before(query: PersonalQuery) -> list[Pair]:
    """Return the last session that was reported and is over or cancelled, or those of the days that are named."""
    gone = [(e, s) for e, s in _known(query) if s.reported and (s.rescheduled or s.ends_at <= query.now)]
    found = meant(query, gone) if query.when else None
    return gone[-1:] if found is None else found


def _unclear(query: PersonalQuery, own: list[Pair], state: AbsenceState) -> ExchangeStep:
    possible = [pair for pair in to_come(query) if pair in own]
    if len(possible) == 1:
        return steps.read_back(query, possible, state)
    if possible:
        return steps.ask_which(query, possible[:OFFERED], state)
    return ExchangeStep(sessions.next_session(_plain(query)))


def _missed(query: PersonalQuery) -> ExchangeStep:
    """Answer "I missed it" without a day: the last session is meant."""
    over = [(e, s) for e in query.enrolments for s in e.past_sessions(query.now)]
    if not over:
        return ExchangeStep(ResponsePlan([phrase("none_held")]))
    return _over(query, max(over, key=lambda pair: pair[1].starts_at))


def _over(query: PersonalQuery, pair: Pair) -> ExchangeStep:
    return ExchangeStep(ResponsePlan([event_phrase("absence_past", pair[1], query.now, number=pair[1].number)]))


def _without_session(query: PersonalQuery, own: list[Pair]) -> list[Phrase]:
    """Say on which of the days named there is no session, so that nobody relies on one that is left out."""
    held = {session.day for _, session in own}
    single = [days.first for days in query.when.named if days.first == days.last]
    return [phrase("absence_nothing_on", day=words.day(day, query.now)) for day in single if day not in held]


def _plain(query: PersonalQuery) -> PersonalQuery:
    return replace(
        PersonalQuery(query.record, query.now),
        reply_format=query.reply_format,
        caught_up_counts=query.caught_up_counts,
    )
