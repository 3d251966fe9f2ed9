"""How the readings of a topic model are mixed, and how hard each is trained."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnsembleWeights:
    """How much each reading counts. Chosen on validation data of four sets (docs), never on a test set."""

    vector: float = 1.0
    words: float = 0.5
    near: float = 6.0
    vector_penalty: float = 3e-5
    words_penalty: float = 3e-5
    examples_a_type: int = 6
    """Training vectors of a topic that make one typical question."""
    temperature: float = 2.5
    """Above 1: the vectors were made from the questions that the classifier learns from; it is too sure of itself."""
