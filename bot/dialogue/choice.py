"""What to say next: a pure choice, from what a message may mean and what was said before."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dialogue.follow_ups import FollowUps, Ranking
from bot.dialogue.thresholds import CHOSEN, Thresholds

LIFE_AT_RISK = ("crisis", "child_at_risk")
"""Topics that are answered alone, and before any other."""
SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "help", "bot_identity"})
"""Topics that are not worth an answer beside another one."""
NEVER_OFFERED = frozenset({"out_of_scope", "other_people", "greeting", "thanks", "goodbye", *LIFE_AT_RISK})
"""Topics that nobody is asked whether he meant."""


class Kind(StrEnum):
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


@dataclass(frozen=True)
class Part:
    """A part of a message: what it may be about, and whether it has the form of a question."""

    ranking: Ranking
    asks: bool = True


@dataclass(frozen=True)
class Heard:
    """One message, as understood: normalised text and rankings."""

    text: str
    whole: Ranking
    parts: tuple[Part, ...] = ()
    in_context: Ranking = ()
    """The ranking of the message read in the light of the last topic; empty where it stands by itself."""
    goes_on_with: str | None = None
    """The topic of the own record that the message goes on with, by its words or its date."""


@dataclass(frozen=True)
class Choice:
    """What to do, about which topics, and with what probability."""

    kind: Kind
    topics: tuple[str, ...]
    confidence: float
    picked: bool = False
    """Whether the message picks one of those offered before, and says nothing else."""


def pick(topic: str) -> Choice:
    """Return what to do about a message that picks ``topic`` of those offered."""
    return Choice(Kind.ANSWER, (topic,), 1.0, picked=True)


def choose(heard: Heard, last: LastTurn, follow_ups: FollowUps, at: Thresholds = CHOSEN) -> Choice:
    """Choose what to do about ``heard`` after ``last``."""
    return (
        _life_at_risk(heard, at)
        or _gone_on(heard)
        or _picked(heard.text, last)
        or _several(heard, at)
        or _followed_up(heard, last, follow_ups, at)
        or _one(heard.whole, at)
    )


def _life_at_risk(heard: Heard, at: Thresholds) -> Choice | None:
    for topic in LIFE_AT_RISK:
        whole = dict(heard.whole).get(topic, 0.0)
        part = max((dict(part.ranking).get(topic, 0.0) for part in heard.parts), default=0.0)
        in_whole = whole >= max(at.life, at.life_beside * heard.whole[0][1])
        if in_whole or (part >= at.life_in_a_part and whole >= at.life_of_whole):
            return Choice(Kind.ANSWER, (topic,), max(whole, part))
    return None


def _gone_on(heard: Heard) -> Choice | None:
    return Choice(Kind.ANSWER, (heard.goes_on_with,), 1.0) if heard.goes_on_with else None


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
_PICK = re.compile(
    r"^(?:yes |ok |okay |please )*(?:the |number |option |no |answer )*"
    r"([a-z0-9]+)(?: one| please| thanks| mate)*[.!?]*$"
)
_NEITHER = re.compile(
    r"^(?:no|nope|none|neither|not (?:that|those|them|any)|none of (?:them|those|these)|something else)"
    r"(?: one| of them| thanks| mate| sorry)*[.!]*$"
)


def _picked(text: str, last: LastTurn) -> Choice | None:
    """Understand the answer to "did you mean": a number, an ordinal, yes to a single one, or none of them."""
    if _NEITHER.match(text) and (last.suggestions or last.lost):
        return Choice(Kind.LOST, (), 1.0)
    if not last.suggestions:
        return None
    match = _PICK.match(text)
    place = ORDINALS.get(match.group(1)) if match else None
    if place is not None and place < len(last.suggestions):
        return pick(last.suggestions[place])
    if match and match.group(1) == "last":
        return pick(last.suggestions[-1])
    if len(last.suggestions) == 1 and re.match(r"^(yes|ok|okay|that one|please)\b", text):
        return pick(last.suggestions[0])
    return None


def stands_alone(topic: str, score: float, at: Thresholds = CHOSEN) -> bool:
    """Tell whether a message whose best topic this is need not be read in the light of the last answer."""
    return score >= at.alone and topic != "out_of_scope"


def _followed_up(heard: Heard, last: LastTurn, follow_ups: FollowUps, at: Thresholds) -> Choice | None:
    if not last.topics or not heard.in_context or stands_alone(*heard.whole[0], at):
        return None
    before = last.topics[-1]
    ranking = follow_ups.read(heard.whole, heard.in_context, before)
    if before not in LIFE_AT_RISK:  # what says so by itself was heard before
        ranking = [(topic, score) for topic, score in ranking if topic not in LIFE_AT_RISK]
    return _one(ranking, replace(at, answer=at.follow_up, outside=at.follow_up))


def _several(heard: Heard, at: Thresholds) -> Choice | None:
    """Find two or three questions in one message: parts that are each sure of a topic of their own."""
    sure: dict[str, float] = {}
    whole = dict(heard.whole)
    for part in heard.parts:
        topic, score = part.ranking[0]
        heard_in_both = score >= at.part and whole.get(topic, 0.0) >= at.part_of_whole
        if part.asks and heard_in_both and topic not in SMALL_TALK and topic != "out_of_scope":
            sure[topic] = max(score, sure.get(topic, 0.0))
    if not 2 <= len(sure) <= 3 or heard.whole[0][0] not in sure:
        return None
    return Choice(Kind.ANSWER, tuple(sure), min(sure.values()))


def _one(ranking: Ranking, at: Thresholds) -> Choice:
    (topic, score), second = ranking[0], ranking[1][1] if len(ranking) > 1 else 0.0
    if score >= (at.outside if topic == "out_of_scope" else at.answer) and score - second >= at.margin:
        return Choice(Kind.ANSWER, (topic,), score)
    if score < at.lost:
        return Choice(Kind.LOST, (), score)
    offered = tuple(t for t, s in ranking if t not in NEVER_OFFERED and s >= at.offer)[:3]
    if not offered:
        return Choice(Kind.ANSWER, (topic,), score)
    return Choice(Kind.ASK, offered, score)
