"""Chooses numbers without the regression set: trains on the questions of some authors, tests on the others'.

python -m evaluation.validate --hold-out g,k. Prints how often the best topic is right, and what each pair of
thresholds (bot/dialogue/choice.py) would give on the authors held out.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.conversation.state import ConversationState
from bot.dialogue.choice import NluResult, StepKind, choose
from bot.dialogue.follow_ups import FollowUps, Ranking
from bot.dialogue.thresholds import Thresholds
from bot.training.examples import Example
from bot.training.questions import by_author
from evaluation.pipeline import Pipeline
from evaluation.sets import leaflet_and_personal
from tools.encoder.recipe import Recipe

ANSWER = (0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70)
MARGIN = (0.0, 0.1, 0.2, 0.3)
FOLLOW_UPS = FollowUps({})


def main(arguments: list[str] | None = None) -> int:
    """Train, rank the held-out questions, and print."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.validate", description=__doc__)
    parser.add_argument("--hold-out", required=True, help="letters of authors, with commas between")
    held = set(parser.parse_args(arguments).hold_out.split(","))
    everything = by_author(kinds={"plain", "hard"})
    strangers = held - {author for author, _ in everything}
    if strangers:
        print(f"no author {min(strangers)!r}: expected some of {sorted({a for a, _ in everything})}", file=sys.stderr)
        return 2
    train = [example for author, example in everything if author not in held]
    test = [example for author, example in everything if author in held]
    pipeline = Pipeline(train, Recipe.for_messages(len(train)))
    report(test, rankings(pipeline, [example.text for example in test]))
    return 0


def rankings(pipeline: Pipeline, texts: Sequence[str]) -> list[Ranking]:
    """Return each text's topics with their probability, best first."""
    scores = pipeline.scores(texts)
    return [[(pipeline.topics[i], float(row[i])) for i in np.argsort(-row)[:8]] for row in scores]


def report(test: Sequence[Example], ranked: Sequence[Ranking]) -> None:
    """Print what the best topics and each pair of thresholds give."""
    own = leaflet_and_personal()
    asked = [(e, r) for e, r in zip(test, ranked, strict=True) if e.main in own]
    print(f"{len(test)} questions held out, {len(asked)} of them about the leaflet or the record")
    for kept in (1, 3):
        right = sum(bool({t for t, _ in r[:kept]} & set(e.labels)) for e, r in asked)
        print(f"a right topic among the best {kept}: {right / max(1, len(asked)):.1%}")
    print("answer  margin   right  +offered  wrong   out of scope")
    for answer in ANSWER:
        for margin in MARGIN:
            at = Thresholds(answer=answer, margin=margin)
            counts = Counter(_outcome(e, r, at) for e, r in asked)
            n = max(1, len(asked))
            outside = [_outcome(e, r, at) for e, r in zip(test, ranked, strict=True) if e.main == "out_of_scope"]
            recognised = outside.count("right") / max(1, len(outside))
            reached = counts["right"] + counts["offered"]
            shares = f"{counts['right'] / n:7.1%} {reached / n:8.1%} {counts['wrong'] / n:7.1%} {recognised:10.1%}"
            print(f"{answer:6.2f} {margin:7.2f} {shares}")


def _outcome(example: Example, ranking: Ranking, at: Thresholds) -> str:
    choice = choose(NluResult(example.text, ranking), ConversationState(), FOLLOW_UPS, at)
    hit = bool(set(choice.topics) & set(example.labels))
    if choice.kind is StepKind.ANSWER:
        return "right" if hit else "wrong"
    return "offered" if hit else "missed"


if __name__ == "__main__":
    sys.exit(main())
