"""How a TopicModel is trained. Kept apart from it, so that answering imports neither scikit-learn nor scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.understanding import softmax
from bot.understanding.labels import Labels
from bot.understanding.mix import EnsembleWeights
from bot.understanding.ngrams import NGrams

Floats = NDArray[np.float32]


def train(
    texts: Sequence[str], vectors: Floats, labels: Sequence[Labels], mix: EnsembleWeights, seed: int
) -> tuple[list[str], NGrams, dict[str, Floats]]:
    """Return the topics, the n-grams and the arrays of a model."""
    if not len(texts) == len(vectors) == len(labels):
        raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors and {len(labels)} labels: need one of each")
    topics, targets = targets_of(labels)
    if len(topics) < 2:
        raise ValueError("training needs examples of two topics or more")
    ngrams = NGrams.learn(texts)
    arrays: dict[str, Floats] = {}
    arrays["vector_weights"], arrays["vector_biases"] = softmax.fit(vectors, targets, penalty=mix.vector_penalty)
    weights, arrays["word_biases"] = softmax.fit(ngrams.matrix(texts), targets, penalty=mix.words_penalty, steps=50)
    arrays["word_weights"] = weights.astype(np.float16)
    arrays["types"], arrays["type_topics"] = _types(vectors, targets, mix.examples_a_type, seed)
    return topics, ngrams, arrays


def targets_of(labels: Sequence[Labels]) -> tuple[list[str], Floats]:
    """Return the topics in alphabetical order and the weights (texts, topics), each row adding up to 1."""
    soft: list[Mapping[str, float]] = [{label: 1.0} if isinstance(label, str) else label for label in labels]
    topics = sorted({topic for row in soft for topic in row})
    column = {topic: i for i, topic in enumerate(topics)}
    targets = np.zeros((len(soft), len(topics)), np.float32)
    for target, row in zip(targets, soft, strict=True):
        for topic, weight in row.items():
            target[column[topic]] = weight / sum(row.values())
    return topics, targets


def _types(vectors: Floats, targets: Floats, examples_a_type: int, seed: int) -> tuple[Floats, Floats]:
    """Return typical vectors of each topic (types, d), topic by topic, and to which topic each belongs."""
    from sklearn.cluster import KMeans

    main = targets.argmax(axis=1)
    types, owners = [], []
    for topic in range(targets.shape[1]):
        own = vectors[main == topic]
        if not len(own):  # only ever second to another topic
            own = (targets[:, topic] @ vectors)[None]
        count = max(1, round(len(own) / examples_a_type))
        centres = KMeans(count, n_init=1, max_iter=20, random_state=seed).fit(own).cluster_centers_
        types.append(centres / np.linalg.norm(centres, axis=1, keepdims=True))
        owners.append(np.full(count, topic))
    return np.concatenate(types).astype(np.float32), np.concatenate(owners).astype(np.float32)
