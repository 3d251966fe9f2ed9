"""Which questions are alike: each joins the group whose mean its sentence vector is nearest to, if it is near enough.

Against joining whatever is near any one member: chains of small steps would put everything into one group.
"""

import base64
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

NEAR = 0.35
"""The cosine from which on a question belongs to a group, of vectors as bot/review/similarity.py makes them."""

Vector = NDArray[np.float32]


class Groups:
    """Groups of questions by their number, with the sum of their members' vectors (each of length 1)."""

    def __init__(self, members: Iterable[tuple[int, Vector]] = ()) -> None:
        """Take the number of the group and the vector of each question that has been placed."""
        self._numbers: list[int] = []
        self._sums: list[Vector] = []
        self._rows: dict[int, int] = {}
        for number, vector in members:
            self._add(number, vector)

    def place(self, vector: Vector, fresh: int) -> int:
        """Return the group that ``vector`` joins; a new one, called ``fresh``, where none is near."""
        number = self._nearest(vector)
        self._add(fresh if number is None else number, vector)
        return fresh if number is None else number

    def _nearest(self, vector: Vector) -> int | None:
        if not self._sums:
            return None
        sums = np.stack(self._sums)
        cosines = (sums @ vector) / np.maximum(np.linalg.norm(sums, axis=1), 1e-6)
        best = int(np.argmax(cosines))
        return self._numbers[best] if cosines[best] >= NEAR else None

    def _add(self, number: int, vector: Vector) -> None:
        row = self._rows.setdefault(number, len(self._sums))
        if row == len(self._sums):
            self._numbers.append(number)
            self._sums.append(vector.astype(np.float32))
        else:
            self._sums[row] = self._sums[row] + vector


def to_text(vector: Sequence[float] | Vector) -> str:
    """Return a vector as text, to be encrypted like the question that it came from."""
    return base64.b64encode(np.asarray(vector, np.float16).tobytes()).decode()


def from_text(text: str) -> Vector:
    """Read what :func:`to_text` wrote."""
    return np.frombuffer(base64.b64decode(text), np.float16).astype(np.float32)
