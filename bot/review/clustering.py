"""Clusters questions: each joins the cluster whose mean vector is nearest to its own, if it is near enough.

Joining whatever is near any one member would not do: chains of small steps would put everything into one cluster.
"""

import base64
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MIN_COSINE = 0.35
"""The least cosine between a question and a cluster's mean, of vectors that bot/review/similarity.py makes."""

Vector = NDArray[np.float32]


class Clusters:
    """Clusters by their id, with the sum of the vectors (each of length 1) of their members."""

    def __init__(self, members: Iterable[tuple[int, Vector]] = ()) -> None:
        """Start with the cluster's id and the vector of each question that is in a cluster."""
        self._ids: list[int] = []
        self._sums: list[Vector] = []
        self._rows: dict[int, int] = {}
        for id_, vector in members:
            self._add(id_, vector)

    def assign(self, vector: Vector, new_id: int) -> int:
        """Return the id of the cluster that ``vector`` joins; a new cluster, called ``new_id``, if none is near."""
        nearest = self._nearest(vector)
        joined = new_id if nearest is None else nearest
        self._add(joined, vector)
        return joined

    def _nearest(self, vector: Vector) -> int | None:
        if not self._sums:
            return None
        sums = np.stack(self._sums)
        cosines = (sums @ vector) / np.maximum(np.linalg.norm(sums, axis=1), 1e-6)
        best = int(np.argmax(cosines))
        return self._ids[best] if cosines[best] >= MIN_COSINE else None

    def _add(self, id_: int, vector: Vector) -> None:
        row = self._rows.setdefault(id_, len(self._sums))
        if row == len(self._sums):
            self._ids.append(id_)
            self._sums.append(vector.astype(np.float32))
        else:
            self._sums[row] = self._sums[row] + vector


def to_text(vector: Sequence[float] | Vector) -> str:
    """Return a vector as text, to be encrypted like the question that it came from."""
    return base64.b64encode(np.asarray(vector, np.float16).tobytes()).decode()


def from_text(text: str) -> Vector:
    """Read what :func:`to_text` wrote."""
    return np.frombuffer(base64.b64decode(text), np.float16).astype(np.float32)
