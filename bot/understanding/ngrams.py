"""Represents texts as TF-IDF of word and character n-grams, which keep rare words that a sentence vector blurs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MAX_FEATURES = 20_000
MAX_CHARACTERS = 2_000
"""Of a longer text only the first and the last half of this are used."""
_WORD = re.compile(r"[a-z0-9']+|[^\sa-z0-9']")
_SIZES = (3, 4)


@dataclass(frozen=True)
class NGrams:
    """The n-grams that are counted, and the inverse document frequency of each."""

    index: dict[str, int]
    weights: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> NGrams:
        """Choose the most frequent n-grams that occur in at least two texts; rarer ones get a greater weight."""
        found = Counter(gram for text in texts for gram in set(grams(text)))
        usual = sorted((gram for gram, n in found.items() if n > 1), key=lambda g: (-found[g], g))[:MAX_FEATURES]
        weights = [1 + np.log((1 + len(texts)) / (1 + found[gram])) for gram in usual]
        return cls({gram: i for i, gram in enumerate(usual)}, np.array(weights, np.float32))

    def row(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the columns and values of one text; the values are a vector of length 1, or empty."""
        counts = Counter(self.index[gram] for gram in grams(text) if gram in self.index)
        columns = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.weights[columns]
        length = float(np.sqrt(values @ values))
        return columns, (values / length if length else values).astype(np.float32)

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """Return all texts as a sparse matrix (texts, n-grams). Only training uses it, because it needs scipy."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([c for c, _ in rows]) if rows else np.zeros(0, np.int64)
        values = np.concatenate([v for _, v in rows]) if rows else np.zeros(0, np.float32)
        return csr_matrix((values, columns, starts), shape=(len(rows), len(self.index)))


def grams(text: str) -> list[str]:
    """Return the words, the pairs of neighbouring words and the 3- and 4-letter pieces of ``text``, with repeats."""
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS // 2] + " " + text[-MAX_CHARACTERS // 2 :]
    words = _WORD.findall(text)
    pairs = [f"{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True)]
    pieces = [
        f"#{w[i : i + n]}" for w in (f" {word} " for word in words) for n in _SIZES for i in range(len(w) - n + 1)
    ]
    return [*words, *pairs, *pieces]
