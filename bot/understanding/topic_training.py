"""Trains a topic model. It is a module of its own so that answering imports neither scikit-learn nor scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.understanding import softmax
from bot.understanding.ensemble_weights import EnsembleWeights
from bot.understanding.labels import Labels
from bot.understanding.ngrams import NGrams

Floats = NDArray[np.float32]


def train(
    texts: Sequence[str], vectors: Floats, labels: Sequence[Labels], weights: EnsembleWeights, seed: int
) -> tuple[list[str], NGrams, dict[str, Floats]]:
    """Return the topics, the n-grams and the arrays of a model.

    Raises ValueError where the numbers of texts, vectors and labels differ, or where there are fewer than two topics.
    """
    if not len(texts) == len(vectors) == len(labels):
        raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors and {len(labels)} labels: need one of each")
    topics, targets = targets_of(labels)
    if len(topics) < 2:
        raise ValueError("training needs examples of two topics or more")
    ngrams = NGrams.learn(texts)
    arrays: dict[str, Floats] = {}
    arrays["dense_weights"], arrays["dense_biases"] = softmax.fit(vectors, targets, penalty=weights.dense_penalty)
    counted = ngrams.matrix(texts)
    by_ngram, arrays["ngram_biases"] = softmax.fit(counted, targets, penalty=weights.ngram_penalty, steps=50)
    arrays["ngram_weights"] = by_ngram.astype(np.float16)
    found = _prototypes(vectors, targets, weights.examples_per_prototype, seed)
    arrays["prototypes"], arrays["prototype_topics"] = found
    return topics, ngrams, arrays


def targets_of(labels: Sequence[Labels]) -> tuple[list[str], Floats]:
    """Return the topics in alphabetical order and the weights (texts, topics); each row adds up to 1."""
    soft: list[Mapping[str, float]] = [{label: 1.0} if isinstance(label, str) else label for label in labels]
    topics = sorted({topic for row in soft for topic in row})
    column = {topic: i for i, topic in enumerate(topics)}
    targets = np.zeros((len(soft), len(topics)), np.float32)
    for target, row in zip(targets, soft, strict=True):
        for topic, weight in row.items():
            target[column[topic]] = weight / sum(row.values())
    return topics, targets


def _prototypes(vectors: Floats, targets: Floats, examples_per_prototype: int, seed: int) -> tuple[Floats, Floats]:
    """Return typical unit vectors (prototypes, d), sorted by topic, and the number of the topic of each."""
    from sklearn.cluster import KMeans

    main = targets.argmax(axis=1)
    prototypes, owners = [], []
    for topic in range(targets.shape[1]):
        own = vectors[main == topic]
        if not len(own):  # the topic is only ever the second label of a text
            own = (targets[:, topic] @ vectors)[None]
        count = max(1, round(len(own) / examples_per_prototype))
        centres = KMeans(count, n_init=1, max_iter=20, random_state=seed).fit(own).cluster_centers_
        prototypes.append(centres / np.linalg.norm(centres, axis=1, keepdims=True))
        owners.append(np.full(count, topic))
    return np.concatenate(prototypes).astype(np.float32), np.concatenate(owners).astype(np.float32)
