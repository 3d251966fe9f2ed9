"""Reads a message in the context of the last answer: what people go on to, counted over data/nlu/.

The follow-ups stand there as they are read in the context of the last answer: "missed session: and if i do it again?".
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.topics import questions
from bot.topics.questions import QuestionKind

MAX_WORDS = 9
"""A message of more words than this is never read as a follow-up."""
Ranking = Sequence[tuple[str, float]]
"""Topics with their probability, 0 to 1, best first."""

_IN_CONTEXT, _TRANSITION = 0.6, 0.4
"""The weights of the message in context and of the usual transition beside the message alone (1): chosen on each
author's follow-ups with the model of the others' (`python -m benchmarks.follow_ups`)."""
SAME_TOPIC_PRIOR, UNIFORM_PRIOR = 2.0, 2.0
"""Additive smoothing: pseudo-counts for staying on the topic, and for a uniform transition to any topic."""
EPSILON = 0.001
"""Added to each score before its logarithm is taken: a topic that a ranking leaves out may still be meant."""


class FollowUps:
    """Combines three opinions on a message: by itself, in context, and what people usually go on to."""

    def __init__(
        self, counts: Mapping[str, Mapping[str, int]], in_context: float = _IN_CONTEXT, transition: float = _TRANSITION
    ) -> None:
        """Take for each topic how often which topic was gone on to, and the weights beside the message alone."""
        self._counts = counts
        self._weights = in_context, transition
        self._topics = len({topic for row in counts.values() for topic in row} | set(counts)) or 1

    @classmethod
    def counted(cls, pairs: Iterable[tuple[str, str]]) -> "FollowUps":
        """Build from pairs of what was answered last and what was asked then."""
        counts: dict[str, Counter[str]] = {}
        for last, topic in pairs:
            counts.setdefault(last, Counter())[topic] += 1
        return cls(counts)

    def weighing(self, in_context: float, transition: float) -> "FollowUps":
        """Return the same with other weights."""
        return FollowUps(self._counts, in_context, transition)

    def may_be_follow_up(self, text: str) -> bool:
        """Tell whether ``text`` (normalised) is short enough to refer to the last answer."""
        return 0 < len(re.findall(r"[a-z0-9']+", text)) <= MAX_WORDS

    def transition_probability(self, last: str, topic: str) -> float:
        """Return the probability, 0 to 1, that somebody goes on from ``last`` to ``topic``, whatever their words."""
        row = self._counts.get(last, {})
        count = row.get(topic, 0) + SAME_TOPIC_PRIOR * (topic == last) + UNIFORM_PRIOR / self._topics
        return count / (sum(row.values()) + SAME_TOPIC_PRIOR + UNIFORM_PRIOR)

    def combine(self, alone: Ranking, in_context: Ranking, last: str) -> Ranking:
        """Return the ranking after an answer on ``last``: the weighted product of three opinions."""
        by_itself, after = dict(alone), dict(in_context)
        context_weight, transition_weight = self._weights
        weights = {
            topic: math.exp(
                math.log(by_itself.get(topic, 0.0) + EPSILON)
                + context_weight * math.log(after.get(topic, 0.0) + EPSILON)
                + transition_weight * math.log(self.transition_probability(last, topic))
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
