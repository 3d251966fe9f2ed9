"""Which topics a text may be about: a small classifier over its sentence vector and its words. No Rasa in here.

Three readings are mixed: a softmax regression on the vector, one on word and character n-grams, and how near the
vector lies to typical questions of each topic. Training needs scikit-learn and scipy, answering numpy only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.labels import Labels
from bot.understanding.mix import EnsembleWeights
from bot.understanding.ngrams import NGrams

Floats = NDArray[np.float32]
ARRAYS_FILE, WORDS_FILE = "topics.npz", "topics.json"


class TopicModel:
    """Gives each topic a probability. Immutable once made; safe to share between threads."""

    def __init__(
        self, topics: Sequence[str], ngrams: NGrams, arrays: Mapping[str, Floats], mix: EnsembleWeights
    ) -> None:
        self.topics = list(topics)
        """The topics, in the order of the columns of :meth:`scores`."""
        self._ngrams = ngrams
        self._arrays = dict(arrays)
        self._mix = mix
        # Types lie topic by topic: where each topic's begin, so that one call finds each topic's nearest.
        self._starts = np.flatnonzero(np.diff(arrays["type_topics"], prepend=-1))

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[Labels],
        *,
        seed: int,
        mix: EnsembleWeights | None = None,
    ) -> TopicModel:
        """Train on texts, their unit vectors (n, d) and their topics (a name, or name to weight)."""
        from bot.understanding.topic_training import train

        mix = mix or EnsembleWeights()
        return cls(*train(texts, np.asarray(vectors, np.float32), labels, mix, seed), mix)

    def scores(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Return (n, topics) probabilities, each row adding up to 1."""
        if len(texts) != len(vectors):
            raise ValueError(f"{len(texts)} texts but {len(vectors)} vectors")
        by_vector, by_words, near = self.readings(texts, vectors)
        mixed = self._mix.vector * by_vector + self._mix.words * by_words + self._mix.near * near
        return softmax(mixed / self._mix.temperature)

    def readings(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the three readings before mixing, each (n, topics): two of logits, one of cosines."""
        by_vector = vectors @ self._arrays["vector_weights"] + self._arrays["vector_biases"]
        by_words = np.stack([self._words(text) for text in texts]) if texts else np.zeros_like(by_vector)
        near = np.maximum.reduceat(vectors @ self._arrays["types"].T, self._starts, axis=1)
        return by_vector, by_words, near

    def save(self, folder: Path) -> None:
        """Write the model to ``folder``: numbers as npz, the rest as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / ARRAYS_FILE, ngram_weights=self._ngrams.weights, **self._arrays)
        words = {"topics": self.topics, "mix": asdict(self._mix), "ngrams": list(self._ngrams.index)}
        (folder / WORDS_FILE).write_text(json.dumps(words, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read what :meth:`save` wrote."""
        words = json.loads((folder / WORDS_FILE).read_text("utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        ngrams = NGrams({gram: i for i, gram in enumerate(words["ngrams"])}, arrays.pop("ngram_weights"))
        return cls(words["topics"], ngrams, arrays, EnsembleWeights(**words["mix"]))

    def _words(self, text: str) -> Floats:
        columns, values = self._ngrams.row(text)
        row: Floats = values @ self._arrays["word_weights"][columns].astype(np.float32) + self._arrays["word_biases"]
        return row


def softmax(logits: Floats) -> Floats:
    """Return the probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return result
