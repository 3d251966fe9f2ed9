"""How a turn leans on the one before: what people go on to after an answer, counted over data/nlu/.

The follow-ups stand there as they are read in the light of the last answer: "missed session: and if i do it again?".
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.topics import questions
from bot.topics.questions import QuestionKind

LONGEST = 9
"""Words: a longer message stands by itself."""
Ranking = Sequence[tuple[str, float]]
"""Topics with their probability, 0 to 1, best first."""

_IN_CONTEXT, _USUAL = 0.6, 0.4
"""What the message in context, and what people usually go on to, count beside the message alone: chosen on each
author's follow-ups with the model of the others' (`python -m benchmarks.follow_ups`)."""
SAME_TOPIC_PRIOR, UNIFORM_PRIOR = 2.0, 2.0
"""Imagined follow-ups for each topic, added to those counted: that stay on it, and that go anywhere."""
EPSILON = 0.001
"""A topic that a ranking leaves out may still be meant."""


class FollowUps:
    """Reads a message in the light of the last answer."""

    def __init__(
        self, counts: Mapping[str, Mapping[str, int]], in_context: float = _IN_CONTEXT, usual: float = _USUAL
    ) -> None:
        """Take for each topic how often which topic was gone on to, and the weights beside the message alone."""
        self._counts = counts
        self._weights = in_context, usual
        self._topics = len({topic for row in counts.values() for topic in row} | set(counts)) or 1

    @classmethod
    def counted(cls, pairs: Iterable[tuple[str, str]]) -> "FollowUps":
        """Build from pairs of what was answered last and what was asked then."""
        counts: dict[str, Counter[str]] = {}
        for last, topic in pairs:
            counts.setdefault(last, Counter())[topic] += 1
        return cls(counts)

    def weighing(self, in_context: float, usual: float) -> "FollowUps":
        """Return the same with other weights."""
        return FollowUps(self._counts, in_context, usual)

    def leans_back(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) may go on from the turn before."""
        return 0 < len(re.findall(r"[a-z0-9']+", text)) <= LONGEST

    def usual(self, last: str, topic: str) -> float:
        """Return the probability that somebody goes on to ``topic``, whatever his words."""
        row = self._counts.get(last, {})
        count = row.get(topic, 0) + SAME_TOPIC_PRIOR * (topic == last) + UNIFORM_PRIOR / self._topics
        return count / (sum(row.values()) + SAME_TOPIC_PRIOR + UNIFORM_PRIOR)

    def read(self, alone: Ranking, in_context: Ranking, last: str) -> Ranking:
        """Return the topics after an answer on ``last``: three opinions, weighed and multiplied."""
        by_itself, after = dict(alone), dict(in_context)
        context_counts, usual_counts = self._weights
        weights = {
            topic: math.exp(
                math.log(by_itself.get(topic, 0.0) + EPSILON)
                + context_counts * math.log(after.get(topic, 0.0) + EPSILON)
                + usual_counts * math.log(self.usual(last, topic))
            )
            for topic in {*by_itself, *after}
        }
        total = sum(weights.values())
        return sorted(((topic, weight / total) for topic, weight in weights.items()), key=lambda item: -item[1])


def load(folder: Path = questions.FOLDER) -> FollowUps:
    """Count the follow-ups among the questions of ``folder``."""
    return FollowUps.counted(
        (before.group(1).replace(" ", "_"), question.topic)
        for question in questions.read(folder, {QuestionKind.FOLLOW_UP})
        if (before := re.match(r"([a-z ]+):", question.text))
    )
