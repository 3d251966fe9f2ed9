"""Which topics a text may be about: a small classifier over its sentence vector and its words. No Rasa in here.

Three scores are added up, each with its weight: a softmax regression on the vector, another one on word and character
n-grams, and the cosine between the vector and the nearest prototype (a typical question) of each topic. Training needs
scikit-learn and scipy; answering needs only numpy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.ensemble_weights import EnsembleWeights
from bot.understanding.labels import Labels
from bot.understanding.ngrams import NGrams

Floats = NDArray[np.float32]
ARRAYS_FILE, DESCRIPTION_FILE = "topics.npz", "topics.json"


class TopicModel:
    """Gives each topic a probability. Immutable once made; safe to share between threads."""

    def __init__(
        self, topics: Sequence[str], ngrams: NGrams, arrays: Mapping[str, Floats], weights: EnsembleWeights
    ) -> None:
        self.topics = list(topics)
        """The topics, in the order of the columns of :meth:`scores`."""
        self._ngrams = ngrams
        self._arrays = dict(arrays)
        self._weights = weights
        # The prototypes are sorted by topic. Knowing where each topic's begin, one call finds the nearest of each.
        self._starts = np.flatnonzero(np.diff(arrays["prototype_topics"], prepend=-1))

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[Labels],
        *,
        seed: int,
        weights: EnsembleWeights | None = None,
    ) -> TopicModel:
        """Train on texts, their unit vectors (n, d) and their topics (each a name, or weights by name)."""
        from bot.understanding.topic_training import train

        weights = weights or EnsembleWeights()
        return cls(*train(texts, np.asarray(vectors, np.float32), labels, weights, seed), weights)

    def scores(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Return (n, topics) probabilities, each row adding up to 1.

        Raises ValueError if there are not as many vectors as texts.
        """
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts but {len(vectors)} vectors")
        dense, ngram, similarity = self.component_scores(texts, vectors)
        own = self._weights
        total = own.dense * dense + own.ngram * ngram + own.prototype_similarity * similarity
        return softmax(total / own.temperature)

    def component_scores(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the three scores before they are weighted, each (n, topics): two of logits, one of cosines."""
        dense = vectors @ self._arrays["dense_weights"] + self._arrays["dense_biases"]
        ngram = np.stack([self._ngram_logits(text) for text in texts]) if texts else np.zeros_like(dense)
        similarity = np.maximum.reduceat(vectors @ self._arrays["prototypes"].T, self._starts, axis=1)
        return dense, ngram, similarity

    def save(self, folder: Path) -> None:
        """Write the model to ``folder``: numbers as npz, the rest as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / ARRAYS_FILE, ngram_idf=self._ngrams.weights, **self._arrays)
        described = {"topics": self.topics, "weights": asdict(self._weights), "ngrams": list(self._ngrams.index)}
        (folder / DESCRIPTION_FILE).write_text(json.dumps(described, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read what :meth:`save` wrote."""
        described = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        ngrams = NGrams({gram: i for i, gram in enumerate(described["ngrams"])}, arrays.pop("ngram_idf"))
        return cls(described["topics"], ngrams, arrays, EnsembleWeights(**described["weights"]))

    def _ngram_logits(self, text: str) -> Floats:
        columns, values = self._ngrams.row(text)
        row: Floats = values @ self._arrays["ngram_weights"][columns].astype(np.float32) + self._arrays["ngram_biases"]
        return row


def softmax(logits: Floats) -> Floats:
    """Return the probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return result
