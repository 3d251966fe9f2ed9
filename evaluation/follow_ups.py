"""How follow-ups are weighed: trains without one author's (of those in data/nlu), reads those, and so on in turn.

python -m evaluation.follow_ups. Prints for pairs of weights how many are answered right, offered and answered wrongly.
The encoder is the one in data/encoder, which has seen none of them.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.conversation.state import ConversationState
from bot.dialogue.choice import (
    REPEAT,
    STILL_AT_RISK,
    UNCLEAR,
    NextStep,
    NluResult,
    StepKind,
    choose,
    nobody_at_risk,
)
from bot.dialogue.follow_ups import FollowUps, Ranking
from bot.dialogue.thresholds import DEFAULTS, Thresholds
from bot.settings import ROOT
from bot.text.normalise import normalise
from bot.topics.registry import SAFEGUARDING_TOPICS
from bot.training.examples import Example
from bot.training.questions import by_author
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.topic_model import TopicModel
from evaluation.progress import say

IN_CONTEXT, USUAL = (0.0, 0.3, 0.6, 1.0), (0.0, 0.2, 0.4, 0.6)
LIFE_GOES_ON = (0.05, 0.1, 0.2, 0.3, 0.4)
_KEPT = 8

Encode = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Read:
    """A follow-up: its words, what was answered before, what is right now, and what the model makes of it."""

    text: str
    last: str
    right: frozenset[str]
    alone: Ranking
    in_context: Ranking


def main() -> int:
    """Measure and print."""
    encoder = SentenceEncoder.load(ROOT / "data" / "encoder", threads=2)
    follow_ups = by_author(kinds={"follow_up"})
    others = by_author(kinds={"plain", "hard"})
    encode = remembering(encoder.encode)
    held_out = []
    for author, own, kept in _in_turn(follow_ups):
        questions = _without(author, others)
        alone, in_context = TopicModelOf(questions, encode), TopicModelOf([*questions, *kept], encode)
        held_out.append((_counted(kept), list(_read(own, alone, in_context))))
    total = sum(len(reads) for _, reads in held_out)
    print(f"{total} follow-ups of {len(held_out)} authors, each read without the own ones")
    print("in context  usual    right  offered    wrong")
    for weight, usual in product(IN_CONTEXT, USUAL):
        counts: Counter[str] = Counter()
        for rules, reads in held_out:
            weighed = rules.weighing(weight, usual)
            counts.update(_outcome(read, weighed) for read in reads)
        shares = "  ".join(f"{counts[name] / total:7.1%}" for name in ("right", "offered", "wrong"))
        print(f"{weight:10.1f}  {usual:5.1f}  {shares}")
    print("after a life at risk: threshold, still about it, and gone on from it all the same")
    for threshold in LIFE_GOES_ON:
        at = replace(DEFAULTS, risk_followup=threshold)
        stayed = {
            still: [
                read.last in _choice(read, rules, at).topics
                for rules, reads in held_out
                for read in reads
                if read.last in SAFEGUARDING_TOPICS and (read.last in read.right) is still
            ]
            for still in (True, False)
        }
        print(
            f"{threshold:10.1f}  "
            + "  ".join(f"{sum(kept) / len(kept):7.1%} of {len(kept)}" for kept in stayed.values())
        )
    return 0


def remembering(encode: Encode) -> Encode:
    """Return ``encode`` with a memory: the same questions train one model after the other."""
    known: dict[str, NDArray[np.float32]] = {}

    def encoded(texts: list[str]) -> NDArray[np.float32]:
        new = list({text: None for text in texts if text not in known})
        known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return encoded


class TopicModelOf:
    """The topic model of some examples, made when first asked."""

    def __init__(self, examples: list[Example], encode: Encode) -> None:
        texts = [normalise(example.text) for example in examples]
        say(f"training on {len(texts)} questions")
        self._encode = encode
        self._model = TopicModel.fit(texts, encode(texts), [dict(e.labels) for e in examples], seed=0)

    def rankings(self, texts: list[str]) -> list[Ranking]:
        """Return the topics of each text, best first."""
        scores = self._model.scores(texts, self._encode(texts))
        return [[(self._model.topics[i], float(row[i])) for i in np.argsort(-row)[:_KEPT]] for row in scores]


def _in_turn(follow_ups: list[tuple[str, Example]]) -> Iterator[tuple[str, list[Example], list[Example]]]:
    """Yield each author, the own follow-ups and those of the others."""
    for author in sorted({author for author, _ in follow_ups}):
        yield author, [e for a, e in follow_ups if a == author], _without(author, follow_ups)


def _without(author: str, examples: list[tuple[str, Example]]) -> list[Example]:
    return [example for a, example in examples if a != author]


def _counted(examples: list[Example]) -> FollowUps:
    return FollowUps.counted((_last(example.text), example.main) for example in examples)


def _last(text: str) -> str:
    return text.partition(":")[0].replace(" ", "_")


def _read(examples: list[Example], alone: TopicModelOf, after: TopicModelOf) -> Iterator[Read]:
    by_themselves = alone.rankings([normalise(example.text.partition(": ")[2]) for example in examples])
    in_context = after.rankings([normalise(example.text) for example in examples])
    for example, by_itself, read_in_context in zip(examples, by_themselves, in_context, strict=True):
        words = normalise(example.text.partition(": ")[2])
        last = _last(example.text)
        right = {last if label in (REPEAT, STILL_AT_RISK) else label for label in example.labels}
        yield Read(words, last, frozenset(right), by_itself, read_in_context)


def _choice(read: Read, follow_ups: FollowUps, at: Thresholds = DEFAULTS) -> NextStep:
    at_risk = read.last in SAFEGUARDING_TOPICS
    in_context = read.in_context if at_risk or follow_ups.may_be_follow_up(read.text) else ()
    heard = NluResult(read.text, read.alone, in_context=in_context if at_risk else nobody_at_risk(in_context))
    return choose(heard, ConversationState(context_topics=(read.last,)), follow_ups, at)


def _outcome(read: Read, follow_ups: FollowUps) -> str:
    choice = _choice(read, follow_ups)
    hit = bool(set(choice.topics) & read.right)
    if choice.kind is StepKind.FALLBACK and UNCLEAR in read.right:
        return "right"
    if choice.kind is StepKind.ANSWER:
        return "right" if hit else "wrong"
    return "offered" if hit else "missed"


if __name__ == "__main__":
    sys.exit(main())
