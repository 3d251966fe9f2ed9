"""What to say next: a pure choice, from what a message may mean and what was said before."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

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
"""Dialogue acts: to have the last answer again; what says nothing by itself ("yes", "hmm"); what goes on from an answer
about a life at risk ("is it free", "nobody picks up"), heard in that light only."""


class StepKind(StrEnum):
    """What the bot does next."""

    ANSWER = "answer"
    ASK = "ask"
    LOST = "lost"


@dataclass(frozen=True)
class LastTurn:
    """What the next message may lean on."""

    topics: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    lost: int = 0
    """How many messages in a row were not understood."""
    again: bool = False
    """Whether that answer was given for the second time, because it was asked for."""


@dataclass(frozen=True)
class MessagePart:
    """A part of a message: what it may be about, and whether it has the form of a question."""

    ranking: Ranking
    asks: bool = True


@dataclass(frozen=True)
class NluResult:
    """One message, as understood: normalised text and rankings."""

    text: str
    whole: Ranking
    parts: tuple[MessagePart, ...] = ()
    in_context: Ranking = ()
    """The ranking of the message read in the light of the last topic; empty where it stands by itself."""
    goes_on_with: str | None = None
    """The topic of the own record that the message goes on with, by its words or its date."""
    has_words: bool = True
    """Whether any of its words is one."""


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


def choose(heard: NluResult, last: LastTurn, follow_ups: FollowUps, at: Thresholds = DEFAULTS) -> NextStep:
    """Choose what to do about ``heard`` after ``last``."""
    return (
        _life_at_risk(heard, at)
        or _continued(heard)
        or _picked(heard.text, last)
        or _still_at_risk(heard, last, follow_ups, at)
        or _is_gibberish(heard, at)
        or _several(heard, at)
        or _resolve_act(_followed_up(heard, last, follow_ups, at) or _one(heard.whole, at), last)
    )


def _life_at_risk(heard: NluResult, at: Thresholds) -> NextStep | None:
    for topic in SAFEGUARDING_TOPICS:
        whole = dict(heard.whole).get(topic, 0.0)
        part = max((dict(part.ranking).get(topic, 0.0) for part in heard.parts), default=0.0)
        in_whole = whole >= max(at.life, at.life_beside * heard.whole[0][1]) and _confirmed_in_context(heard, topic, at)
        if in_whole or (part >= at.life_in_a_part and whole >= at.life_of_whole):
            return NextStep(StepKind.ANSWER, (topic,), max(whole, part))
    return None


def _confirmed_in_context(heard: NluResult, topic: str, at: Thresholds) -> bool:
    """Tell whether a danger is one in the light of the last answer too: "and if I do it again" may be about a miss.

    What would be answered as one by itself is one in every light: "I took all my tablets" is no reason for an absence.
    """
    in_context = dict(heard.in_context)
    best, score = heard.whole[0]
    if best == topic and score >= at.answer and not heard.goes_on_with:
        return True
    return not in_context or in_context.get(topic, 0.0) + in_context.get(STILL_AT_RISK, 0.0) >= at.life_of_whole


def _still_at_risk(heard: NluResult, last: LastTurn, follow_ups: FollowUps, at: Thresholds) -> NextStep | None:
    """Stay with a life at risk, whatever is said about it ("is it free", "ok"), until something else is asked."""
    before = last.topics[-1] if last.topics else None
    if before is None or before not in SAFEGUARDING_TOPICS:
        return None
    in_context = dict(heard.in_context)
    stays = sum(in_context.get(topic, 0.0) for topic in (STILL_AT_RISK, REPEAT, before))
    no_other = KEEPS_SAFEGUARDING | SAFEGUARDING_TOPICS
    another = max((s for topic, s in heard.whole if topic not in no_other), default=0.0)
    said = _followed_up(heard, last, follow_ups, at) or _one(heard.whole, at)
    nothing_else = said.kind is StepKind.LOST or said.topics[0] in KEEPS_SAFEGUARDING
    goes_on = stays >= at.life_goes_on + at.life_against * another
    return NextStep(StepKind.ANSWER, (before,), stays) if goes_on or nothing_else else None


def _is_gibberish(heard: NluResult, at: Thresholds) -> NextStep | None:
    """Make nothing of keys hit at random, unless they are surely something after all ("yo")."""
    topic, score = heard.whole[0]
    sure = score >= at.answer and topic not in OUT_OF_VOCABULARY_DEFAULTS
    return None if heard.has_words or sure else NextStep(StepKind.LOST, (), min(score, at.answer))


def _resolve_act(choice: NextStep, last: LastTurn) -> NextStep:
    """Make something to say of a move that is no topic."""
    if choice.kind is not StepKind.ANSWER or choice.topics[0] not in DIALOGUE_ACTS:
        return choice
    if choice.topics[0] == REPEAT and last.topics:
        return _repeat_last(choice, last)
    return NextStep(StepKind.LOST, (), choice.confidence)


def _repeat_last(choice: NextStep, last: LastTurn) -> NextStep:
    """Give the last answer once more."""
    return replace(choice, topics=last.topics, again=True)


def _continued(heard: NluResult) -> NextStep | None:
    return NextStep(StepKind.ANSWER, (heard.goes_on_with,), 1.0) if heard.goes_on_with else None


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


def _picked(text: str, last: LastTurn) -> NextStep | None:
    """Understand the answer to "did you mean": a number, an ordinal, yes to a single one, or none of them."""
    several = len(last.suggestions) > 1
    if _NEITHER.match(text) and (last.suggestions or last.lost):
        return NextStep(StepKind.LOST, (), 1.0, says=NONE_OF_THESE if several else "")
    if not last.suggestions:
        return None
    match = _PICK.match(text)
    place = _PLACES.get(match.group(1)) if match else None
    if place is not None and place < len(last.suggestions):
        return pick(last.suggestions[place])
    if match and match.group(1) == "last":
        return pick(last.suggestions[-1])
    if several and match and (place is not None or match.group(1).isdecimal()):
        return _no_such_place(place, last)
    if len(last.suggestions) == 1 and re.match(r"^(yes|ok|okay|that one|please)\b", text):
        return pick(last.suggestions[0])
    return None


def _no_such_place(place: int | None, last: LastTurn) -> NextStep:
    """Understand a number behind the topics: "none of these" has the first one, and the others say nothing."""
    if place == len(last.suggestions):
        return NextStep(StepKind.LOST, (), 1.0, says=NONE_OF_THESE)
    return NextStep(StepKind.ASK, last.suggestions, 1.0, says=NO_SUCH_NUMBER)


def nobody_at_risk(ranking: Ranking) -> Ranking:
    """Return ``ranking`` without what only goes on from an answer about a life at risk."""
    return [(topic, score) for topic, score in ranking if topic != STILL_AT_RISK]


def stands_alone(topic: str, score: float, last: str, at: Thresholds = DEFAULTS) -> bool:
    """Tell whether a message whose best topic this is need not be read in the light of the answer on ``last``."""
    return score >= at.alone and topic != "out_of_scope" and last not in SAFEGUARDING_TOPICS


def _followed_up(heard: NluResult, last: LastTurn, follow_ups: FollowUps, at: Thresholds) -> NextStep | None:
    if not last.topics or not heard.in_context or stands_alone(*heard.whole[0], last.topics[-1], at):
        return None
    before = last.topics[-1]
    whole, in_context = (_merge_repeat(ranking, before) for ranking in (heard.whole, heard.in_context))
    if whole[0][0] == UNCLEAR and whole[0][1] >= at.answer and in_context[0][1] < at.in_its_light:
        return None  # a bare "yes", and not a "why"
    ranking = follow_ups.read(whole, in_context, before)
    if before not in SAFEGUARDING_TOPICS:  # what says so by itself was heard before
        ranking = [(topic, score) for topic, score in ranking if topic not in SAFEGUARDING_TOPICS]
    choice = _one(ranking, replace(at, answer=at.follow_up, outside=at.follow_up))
    by_itself = dict(heard.whole)
    asks_again = choice.topics == (before,) and by_itself.get(REPEAT, 0.0) > by_itself.get(before, 0.0)
    return _repeat_last(choice, last) if asks_again and choice.kind is StepKind.ANSWER else choice


def _merge_repeat(ranking: Ranking, before: str) -> Ranking:
    """Count a wish to hear the last answer again as its topic ``before``: in its light the two look alike."""
    scores = dict(ranking)
    scores[before] = scores.get(before, 0.0) + scores.pop(REPEAT, 0.0)
    return sorted(scores.items(), key=lambda item: -item[1])


def _several(heard: NluResult, at: Thresholds) -> NextStep | None:
    """Find two or three questions in one message: parts that are each sure of a topic of their own."""
    sure: dict[str, float] = {}
    whole = dict(heard.whole)
    for part in heard.parts:
        topic, score = part.ranking[0]
        heard_in_both = score >= at.part and whole.get(topic, 0.0) >= at.part_of_whole
        if part.asks and heard_in_both and topic not in SMALL_TALK | DIALOGUE_ACTS and topic != "out_of_scope":
            sure[topic] = max(score, sure.get(topic, 0.0))
    if not 2 <= len(sure) <= 3 or heard.whole[0][0] not in sure:
        return None
    return NextStep(StepKind.ANSWER, tuple(sure), min(sure.values()))


def _one(ranking: Ranking, at: Thresholds) -> NextStep:
    (topic, score), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
    if score >= (at.outside if topic == "out_of_scope" else at.answer) and score - second >= at.margin:
        return NextStep(StepKind.ANSWER, (topic,), score)
    if score < at.lost:
        return NextStep(StepKind.LOST, (), score)
    offered = tuple(t for t, s in ranking if t not in NEVER_OFFERED and s >= at.offer)[:3]
    if not offered:
        return NextStep(StepKind.ANSWER, (topic,), score)
    return NextStep(StepKind.ASK, offered, score)
