"""Which questions of other topics lie nearest to those of a topic, by the sentence encoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.text.normalise import normalise
from bot.topics.questions import Question, QuestionKind

NEAR = 0.85
"""Cosine from which questions of two topics are said to be near: the classifier may take one for the other."""
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbour:
    """A question of the topic, and the one of another topic that lies nearest."""

    question: Question
    other: Question
    similarity: float
    """Cosine of their vectors: 1 for the same meaning."""

    def __str__(self) -> str:
        return (
            f"{self.similarity:.2f}  {self.question.text!r} is near {self.other.text!r} "
            f"of {self.other.topic} ({self.other.place})"
        )


def nearest(
    topic: str, questions: Sequence[Question], encode: Callable[[list[str]], Vectors], near: float = NEAR
) -> list[Neighbour]:
    """Return for each question of ``topic`` the nearest of another one, from ``near`` on, the nearest pair first.

    What goes on from an answer is left out, and a pair in which one says that the other is right too.
    """
    alone = [question for question in questions if question.kind is not QuestionKind.FOLLOW_UP]
    own = [question for question in alone if question.topic == topic]
    others = [question for question in alone if question.topic != topic and topic not in question.also]
    if not own or not others:
        return []
    cosines = encode([normalise(q.text) for q in own]) @ encode([normalise(q.text) for q in others]).T
    best = cosines.argmax(axis=1)
    found = [Neighbour(q, others[i], float(row[i])) for q, i, row in zip(own, best, cosines, strict=True)]
    return sorted(
        (n for n in found if n.similarity >= near and n.other.topic not in n.question.also),
        key=lambda neighbour: -neighbour.similarity,
    )
