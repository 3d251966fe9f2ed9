"""Whether the sentence encoder is older than the questions, and what that costs.

The encoder is made from the plain questions, which takes most of an hour and PyTorch. A model trains without that: the
classifier learns new questions from the vectors that the encoder has for them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from bot.topics.questions import Question, QuestionKind
from bot.understanding.encoder import MANIFEST_FILE
from bot.understanding.labels import digest, soft_labels

ENCODER = ROOT / "data" / "encoder"
COST = (
    "Measured on two invented topics: 19 of 24 questions still found theirs, 9 of them were answered without asking "
    "back, and other topics lost nothing (docs/how-to/add-a-topic.md)."
)
"""What an older encoder costs a new topic: python -m benchmarks.new_topic."""


@dataclass(frozen=True)
class EncoderAge:
    """How the encoder and the plain questions differ."""

    is_older: bool
    made_from: int
    """How many questions the encoder was made from."""
    questions: int
    """How many there are now."""
    unknown_topics: tuple[str, ...]
    """Topics of which it knows no question."""

    def warning(self) -> str | None:
        """Return what whoever trains is told; None where the encoder is not older."""
        if not self.is_older:
            return None
        new = f", and knows nothing of {', '.join(self.unknown_topics)}" if self.unknown_topics else ""
        return (
            f"The encoder is older than the questions: it was made from {self.made_from} plain ones, now there are "
            f"{self.questions}{new}. {COST} `make encoder` makes it anew (most of an hour)."
        )


def encoder_age(questions: Iterable[Question], folder: Path = ENCODER) -> EncoderAge:
    """Compare the encoder in ``folder`` with the plain ones of ``questions``."""
    made = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))["data"]
    plain = {q.text: q for q in questions if q.kind is QuestionKind.PLAIN}
    labels = {text: soft_labels(q.topic, q.also) for text, q in plain.items()}
    unknown = {q.topic for q in plain.values()} - set(made["topics"])
    return EncoderAge(digest(labels.items()) != made["sha256"], made["examples"], len(plain), tuple(sorted(unknown)))


def known_topics(folder: Path = ENCODER) -> frozenset[str]:
    """Return the topics that the encoder was made from."""
    return frozenset(json.loads((folder / MANIFEST_FILE).read_text("utf-8"))["data"]["topics"])
