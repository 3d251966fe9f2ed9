"""How follow-ups are weighed: trains without one author's (data/nlu/follow_ups), reads those, and so on in turn.

python -m benchmarks.follow_ups. Prints for pairs of weights how many are answered right, offered and answered wrongly.
The encoder is the one in data/encoder, which has seen none of them.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.progress import say
from bot.dialogue.choice import Heard, Kind, LastTurn, choose
from bot.dialogue.follow_ups import FOLDER, FollowUps, Ranking
from bot.settings import ROOT
from bot.text.normalise import normalise
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.finetune.examples import Example
from bot.understanding.finetune.questions import by_author
from bot.understanding.topic_model import TopicModel

IN_CONTEXT, USUAL = (0.0, 0.3, 0.6, 1.0), (0.0, 0.2, 0.4, 0.6)
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
    follow_ups = by_author([FOLDER])
    others = [example for _, example in by_author(f for f in (ROOT / "data" / "nlu").iterdir() if f != FOLDER)]
    held_out = [
        (_counted(kept), list(_read(own, TopicModelOf([*others, *kept], encoder.encode))))
        for own, kept in _in_turn(follow_ups)
    ]
    total = sum(len(reads) for _, reads in held_out)
    print(f"{total} follow-ups of {len(held_out)} authors, each read without the own ones")
    print("in context  usual    right  offered    wrong")
    for in_context, usual in product(IN_CONTEXT, USUAL):
        counts: Counter[str] = Counter()
        for rules, reads in held_out:
            weighed = rules.weighing(in_context, usual)
            counts.update(_outcome(read, weighed) for read in reads)
        shares = "  ".join(f"{counts[name] / total:7.1%}" for name in ("right", "offered", "wrong"))
        print(f"{in_context:10.1f}  {usual:5.1f}  {shares}")
    return 0


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


def _in_turn(follow_ups: list[tuple[str, Example]]) -> Iterator[tuple[list[Example], list[Example]]]:
    """Yield for each author the own follow-ups and those of the others."""
    for author in sorted({author for author, _ in follow_ups}):
        yield [e for a, e in follow_ups if a == author], [e for a, e in follow_ups if a != author]


def _counted(examples: list[Example]) -> FollowUps:
    return FollowUps.counted((_last(example.text), example.main) for example in examples)


def _last(text: str) -> str:
    return text.partition(":")[0].replace(" ", "_")


def _read(examples: list[Example], model: TopicModelOf) -> Iterator[Read]:
    alone = model.rankings([normalise(example.text.partition(": ")[2]) for example in examples])
    in_context = model.rankings([normalise(example.text) for example in examples])
    for example, by_itself, after in zip(examples, alone, in_context, strict=True):
        words = normalise(example.text.partition(": ")[2])
        yield Read(words, _last(example.text), frozenset(example.labels), by_itself, after)


def _outcome(read: Read, follow_ups: FollowUps) -> str:
    in_context = read.in_context if follow_ups.leans_back(read.text) else ()
    choice = choose(Heard(read.text, read.alone, in_context=in_context), LastTurn((read.last,)), follow_ups)
    hit = bool(set(choice.topics) & read.right)
    if choice.kind is Kind.ANSWER:
        return "right" if hit else "wrong"
    return "offered" if hit else "missed"


if __name__ == "__main__":
    sys.exit(main())
