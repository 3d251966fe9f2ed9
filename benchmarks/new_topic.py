"""What it costs to add a topic without making the encoder anew: the classifier alone learns it, and is tested.

python -m benchmarks.new_topic. Trains on the questions of data/nlu/ with and without each invented topic of
benchmarks/new_topics.yml, and prints how often the best topic is right: for its held-out questions, and for the
regression set (evaluation/), which has none of it.
"""

import sys
from collections.abc import Sequence

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.dialogue.thresholds import DEFAULTS
from bot.settings import ROOT
from bot.text.normalise import normalise
from bot.topics import questions
from bot.topics.questions import QuestionKind
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.labels import soft_labels
from bot.understanding.topic_model import TopicModel
from evaluation import sets
from evaluation.progress import say

Vectors = NDArray[np.float32]
INVENTED = ROOT / "benchmarks" / "new_topics.yml"


class Trainer:
    """Trains the classifier of messages that stand by themselves; each text is encoded once."""

    def __init__(self) -> None:
        asked = questions.read(kinds={QuestionKind.PLAIN, QuestionKind.HARD})
        self._encoder = SentenceEncoder.load(ROOT / "data" / "encoder", threads=2)
        self._texts = [normalise(question.text) for question in asked]
        self._labels = [soft_labels(question.topic, question.also) for question in asked]
        self._vectors = self._encoder.encode(self._texts)

    def with_topic(self, topic: str, texts: Sequence[str]) -> TopicModel:
        """Return the model that learnt ``texts`` as ``topic`` too; no texts: the project's own."""
        more = [normalise(text) for text in texts]
        vectors = np.concatenate([self._vectors, self._encoder.encode(more)])
        labels = [*self._labels, *(soft_labels(topic) for _ in more)]
        return TopicModel.fit([*self._texts, *more], vectors, labels, seed=0)

    def best(self, model: TopicModel, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Return the best topic of each text and its probability."""
        normal = [normalise(text) for text in texts]
        scores = model.scores(normal, self._encoder.encode(normal))
        return [(model.topics[int(row.argmax())], float(row.max())) for row in scores]


def main() -> int:
    """Measure and print."""
    trainer, cases = Trainer(), sets.cases()
    say("trained without a new topic")
    before = _right(trainer, trainer.with_topic("", []), cases)
    print(f"regression set, no topic added: {before} of {len(cases)} right")
    for topic, given in yaml.safe_load(INVENTED.read_text("utf-8")).items():
        model = trainer.with_topic(topic, given["learnt"])
        found = trainer.best(model, given["held_out"])
        right = [score for name, score in found if name == topic]
        answered = sum(score >= DEFAULTS.answer for score in right)
        taken = sum(name == topic for name, _ in trainer.best(model, [case.text for case in cases]))
        print(
            f"{topic}, {len(given['learnt'])} questions learnt: {len(right)} of {len(found)} held-out ones right, "
            f"{answered} of them answered; regression set: {_right(trainer, model, cases)} of {len(cases)} right, "
            f"{taken} taken for it"
        )
    return 0


def _right(trainer: Trainer, model: TopicModel, cases: Sequence[sets.Case]) -> int:
    found = trainer.best(model, [case.text for case in cases])
    return sum(topic in case.accepted for (topic, _), case in zip(found, cases, strict=True))


if __name__ == "__main__":
    sys.exit(main())
