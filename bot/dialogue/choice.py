"""What to do next: a pure choice, from the ranked topics, the conversation state and the thresholds."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.conversation.state import ConversationState
from bot.dialogue.follow_ups import FollowUps, Ranking
from bot.dialogue.thresholds import DEFAULTS, Thresholds
from bot.topics.registry import (
    DIALOGUE_ACTS,
    KEEPS_SAFEGUARDING,
    NEVER_OFFERED,
    OUT_OF_VOCABULARY_DEFAULTS,
    SAFEGUARDING_TOPICS,
    SMALL_TALK,
)

REPEAT, UNCLEAR, STILL_AT_RISK = "repeat", "unclear", "still_at_risk"
"""Dialogue acts: a wish to have the last answer again; what says nothing by itself ("yes", "hmm"); and what goes on
from an answer about a life at risk ("is it free", "nobody picks up"), read in that context only."""


class StepKind(StrEnum):
    """What the bot does next."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"


@dataclass(frozen=True)
class MessagePart:
    """A part of a message: what it may be about, and whether it has the form of a question."""

    ranking: Ranking
    is_question: bool = True


@dataclass(frozen=True)
class NluResult:
    """One message, as understood: normalised text and rankings."""

    text: str
    whole: Ranking
    parts: tuple[MessagePart, ...] = ()
    in_context: Ranking = ()
    """The ranking of the message read in the context of the last topic; empty where it was not read so."""
    continues_topic: str | None = None
    """The topic of the person's record that the message goes on with, by its words or its date."""
    has_words: bool = True
    """Whether any of its words is a known one."""
    tapped: str | None = None
    """The topic whose title it is, where that was offered before: a tapped button sends its title."""


@dataclass(frozen=True)
class NextStep:
    """What to do, about which topics, and with what probability."""

    kind: StepKind
    topics: tuple[str, ...]
    confidence: float
    picked: bool = False
    """Whether the message picks one of those offered before, and says nothing else."""
    again: bool = False
    """Whether it is the last answer once more."""
    says: str = ""
    """The response to say instead of the usual one for its kind."""


NONE_OF_THESE, NO_SUCH_NUMBER = "none_of_these", "no_such_number"
"""Responses to what picks none of those offered."""


def pick(topic: str) -> NextStep:
    """Return what to do about a message that picks ``topic`` of those offered."""
    return NextStep(StepKind.ANSWER, (topic,), 1.0, picked=True)


def choose(nlu: NluResult, state: ConversationState, follow_ups: FollowUps, at: Thresholds = DEFAULTS) -> NextStep:
    """Choose what to do about ``nlu`` in the conversation ``state``."""
    if nlu.tapped:
        return pick(nlu.tapped)
    return (
        _safeguarding(nlu, at)
        or _continued(nlu)
        or _picked(nlu.text, state)
        or _still_at_risk(nlu, state, follow_ups, at)
        or _is_gibberish(nlu, at)
        or _several(nlu, at)
        or _resolve_act(_followed_up(nlu, state, follow_ups, at) or _one(nlu.whole, at), state)
    )


def _safeguarding(nlu: NluResult, at: Thresholds) -> NextStep | None:
    for topic in SAFEGUARDING_TOPICS:
        whole = dict(nlu.whole).get(topic, 0.0)
        part = max((dict(part.ranking).get(topic, 0.0) for part in nlu.parts), default=0.0)
        in_whole = whole >= max(at.risk, at.risk_ratio_to_best * nlu.whole[0][1]) and _confirmed_in_context(
            nlu, topic, at
        )
        if in_whole or (part >= at.risk_part and whole >= at.risk_whole):
            return NextStep(StepKind.ANSWER, (topic,), max(whole, part))
    return None


def _confirmed_in_context(nlu: NluResult, topic: str, at: Thresholds) -> bool:
    """Tell whether the risk topic reaches ``risk_whole`` in context too: "and if I do it again" may be about a miss.

    A message that would be answered with it by itself needs no context: "I took all my tablets" is no reason for an
    absence.
    """
    in_context = dict(nlu.in_context)
    best, score = nlu.whole[0]
    if best == topic and score >= at.answer and not nlu.continues_topic:
        return True
    return not in_context or in_context.get(topic, 0.0) + in_context.get(STILL_AT_RISK, 0.0) >= at.risk_whole


def _still_at_risk(nlu: NluResult, state: ConversationState, follow_ups: FollowUps, at: Thresholds) -> NextStep | None:
    """Stay with a life at risk, whatever is said about it ("is it free", "ok"), until something else is asked."""
    before = state.context_topics[-1] if state.context_topics else None
    if before is None or before not in SAFEGUARDING_TOPICS:
        return None
    in_context = dict(nlu.in_context)
    stays = sum(in_context.get(topic, 0.0) for topic in (STILL_AT_RISK, REPEAT, before))
    no_other = KEEPS_SAFEGUARDING | SAFEGUARDING_TOPICS
    another = max((s for topic, s in nlu.whole if topic not in no_other), default=0.0)
    said = _followed_up(nlu, state, follow_ups, at) or _one(nlu.whole, at)
    nothing_else = said.kind is StepKind.FALLBACK or said.topics[0] in KEEPS_SAFEGUARDING
    goes_on = stays >= at.risk_followup + at.risk_followup_discount * another
    return NextStep(StepKind.ANSWER, (before,), stays) if goes_on or nothing_else else None


def _is_gibberish(nlu: NluResult, at: Thresholds) -> NextStep | None:
    """Fall back if no word is known, unless a topic is certain ("yo")."""
    topic, score = nlu.whole[0]
    sure = score >= at.answer and topic not in OUT_OF_VOCABULARY_DEFAULTS
    return None if nlu.has_words or sure else NextStep(StepKind.FALLBACK, (), min(score, at.answer))


def _resolve_act(choice: NextStep, state: ConversationState) -> NextStep:
    """Return what to do about a dialogue act: repeat the last answer, or fall back."""
    if choice.kind is not StepKind.ANSWER or choice.topics[0] not in DIALOGUE_ACTS:
        return choice
    if choice.topics[0] == REPEAT and state.context_topics:
        return _repeat_last(choice, state)
    return NextStep(StepKind.FALLBACK, (), choice.confidence)


def _repeat_last(choice: NextStep, state: ConversationState) -> NextStep:
    """Give the last answer once more."""
    return replace(choice, topics=state.context_topics, again=True)


def _continued(nlu: NluResult) -> NextStep | None:
    return NextStep(StepKind.ANSWER, (nlu.continues_topic,), 1.0) if nlu.continues_topic else None


ORDINALS = {
    "1": 0,
    "one": 0,
    "first": 0,
    "1st": 0,
    "2": 1,
    "two": 1,
    "second": 1,
    "2nd": 1,
    "3": 2,
    "three": 2,
    "third": 2,
    "3rd": 2,
}
_LATER = ("four", "five", "six", "seven", "eight")
_PLACES = ORDINALS | {name: place for place, word in enumerate(_LATER, 3) for name in (word, f"{place + 1}")}
"""Numbers of a longer list too."""
_PICK = re.compile(
    r"^(?:yes |ok |okay |please )*(?:the |number |option |no |answer )*"
    r"([a-z0-9]+)(?: one| please| thanks| mate)*[.!?]*$"
)
_NEITHER = re.compile(
    r"^(?:no|nope|none|neither|not (?:that|those|them|any)|none of (?:them|those|these)|something else)"
    r"(?: one| of them| thanks| mate| sorry)*[.!]*$"
)


def _picked(text: str, state: ConversationState) -> NextStep | None:
    """Understand the answer to "did you mean": a number, an ordinal, yes to a single one, or none of them."""
    several = len(state.suggestions) > 1
    if _NEITHER.match(text) and (state.suggestions or state.misunderstood):
        return NextStep(StepKind.FALLBACK, (), 1.0, says=NONE_OF_THESE if several else "")
    if not state.suggestions:
        return None
    match = _PICK.match(text)
    place = _PLACES.get(match.group(1)) if match else None
    if place is not None and place < len(state.suggestions):
        return pick(state.suggestions[place])
    if match and match.group(1) == "last":
        return pick(state.suggestions[-1])
    if several and match and (place is not None or match.group(1).isdecimal()):
        return _no_such_place(place, state)
    if len(state.suggestions) == 1 and re.match(r"^(yes|ok|okay|that one|please)\b", text):
        return pick(state.suggestions[0])
    return None


def _no_such_place(place: int | None, state: ConversationState) -> NextStep:
    """Understand a number behind the topics: "none of these" has the first one, and the others say nothing."""
    if place == len(state.suggestions):
        return NextStep(StepKind.FALLBACK, (), 1.0, says=NONE_OF_THESE)
    return NextStep(StepKind.CLARIFY, state.suggestions, 1.0, says=NO_SUCH_NUMBER)


def nobody_at_risk(ranking: Ranking) -> Ranking:
    """Return ``ranking`` without what only goes on from an answer about a life at risk."""
    return [(topic, score) for topic, score in ranking if topic != STILL_AT_RISK]


def stands_alone(topic: str, score: float, last: str, at: Thresholds = DEFAULTS) -> bool:
    """Tell whether a message whose best topic this is need not be read in the context of the answer on ``last``."""
    return score >= at.standalone and topic != "out_of_scope" and last not in SAFEGUARDING_TOPICS


def _followed_up(nlu: NluResult, state: ConversationState, follow_ups: FollowUps, at: Thresholds) -> NextStep | None:
    if not state.context_topics or not nlu.in_context or stands_alone(*nlu.whole[0], state.context_topics[-1], at):
        return None
    before = state.context_topics[-1]
    whole, in_context = (_merge_repeat(ranking, before) for ranking in (nlu.whole, nlu.in_context))
    if whole[0][0] == UNCLEAR and whole[0][1] >= at.answer and in_context[0][1] < at.context_only:
        return None  # a bare "yes", and not a "why"
    ranking = follow_ups.combine(whole, in_context, before)
    if before not in SAFEGUARDING_TOPICS:  # what says so by itself was found above
        ranking = [(topic, score) for topic, score in ranking if topic not in SAFEGUARDING_TOPICS]
    choice = _one(ranking, replace(at, answer=at.follow_up, out_of_scope=at.follow_up))
    by_itself = dict(nlu.whole)
    asks_again = choice.topics == (before,) and by_itself.get(REPEAT, 0.0) > by_itself.get(before, 0.0)
    return _repeat_last(choice, state) if asks_again and choice.kind is StepKind.ANSWER else choice


def _merge_repeat(ranking: Ranking, before: str) -> Ranking:
    """Add the score of `repeat` to that of the last topic, ``before``: in its context the two look alike."""
    scores = dict(ranking)
    scores[before] = scores.get(before, 0.0) + scores.pop(REPEAT, 0.0)
    return sorted(scores.items(), key=lambda item: -item[1])


def _several(nlu: NluResult, at: Thresholds) -> NextStep | None:
    """Find two or three questions in one message: parts that are each sure of a topic of their own."""
    sure: dict[str, float] = {}
    whole = dict(nlu.whole)
    for part in nlu.parts:
        topic, score = part.ranking[0]
        heard_in_both = score >= at.part and whole.get(topic, 0.0) >= at.part_of_whole
        if part.is_question and heard_in_both and topic not in SMALL_TALK | DIALOGUE_ACTS and topic != "out_of_scope":
            sure[topic] = max(score, sure.get(topic, 0.0))
    if not 2 <= len(sure) <= 3 or nlu.whole[0][0] not in sure:
        return None
    return NextStep(StepKind.ANSWER, tuple(sure), min(sure.values()))


def _one(ranking: Ranking, at: Thresholds) -> NextStep:
    (topic, score), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
    if score >= (at.out_of_scope if topic == "out_of_scope" else at.answer) and score - second >= at.margin:
        return NextStep(StepKind.ANSWER, (topic,), score)
    if score < at.fallback:
        return NextStep(StepKind.FALLBACK, (), score)
    offered = tuple(t for t, s in ranking if t not in NEVER_OFFERED and s >= at.offer)[:3]
    if not offered:
        return NextStep(StepKind.ANSWER, (topic,), score)
    return NextStep(StepKind.CLARIFY, offered, score)
