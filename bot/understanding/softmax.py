"""Softmax regression with soft labels, on dense or sparse features. Only training uses it, because it needs scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]


def fit(features: Any, targets: Floats, *, penalty: float, steps: int = 100) -> tuple[Floats, Floats]:
    """Return the weights (features, topics) and biases (topics,) that fit ``targets`` (texts, topics) best.

    ``features`` is (texts, features), dense or sparse; ``penalty`` is the L2 penalty per text; ``steps`` is the most
    iterations of L-BFGS.
    """
    columns, topics = features.shape[1], targets.shape[1]
    transposed = features.T.tocsr() if hasattr(features, "tocsr") else np.ascontiguousarray(features.T)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        both = flat.astype(np.float32).reshape(columns + 1, topics)
        weights, biases = both[:-1], both[-1]
        logits = log_softmax(features @ weights + biases)
        slope = (np.exp(logits) - targets) / len(targets)
        gradient = np.vstack([transposed @ slope + penalty * weights, slope.sum(axis=0)[None]])
        value = -float((targets * logits).sum()) / len(targets) + penalty / 2 * float((weights**2).sum())
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((columns + 1) * topics)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 8})
    both = found.x.astype(np.float32).reshape(columns + 1, topics)
    return both[:-1], both[-1]


def log_softmax(logits: Floats) -> Floats:
    """Return the logarithms of the probabilities, row by row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result
