"""The labels of a training question: the topic that answers it, and other topics that would be right as well."""

import hashlib
import json
from collections.abc import Iterable, Mapping

Labels = str | Mapping[str, float]
"""A topic, or several topics with the weight of each."""

ALSO = 0.5
"""The weight of a topic that would also be right, relative to the weight 1 of the question's own topic."""


def soft_labels(topic: str, also: Iterable[str] = ()) -> dict[str, float]:
    """Return the weight of each topic; the weights add up to 1."""
    weights = {topic: 1.0} | {other: ALSO for other in also if other != topic}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def digest(examples: Iterable[tuple[str, Mapping[str, float]]]) -> str:
    """Return the sha256 of texts with their labels, whatever their order: an encoder's manifest has that of its own."""
    rows = sorted(json.dumps([text, dict(sorted(labels.items()))], ensure_ascii=False) for text, labels in examples)
    return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()
