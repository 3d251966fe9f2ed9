"""How the three scores of a topic model are weighted, and how strongly each of its parts is regularised."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnsembleWeights:
    """The numbers of a topic model, chosen on validation data of four sets (see docs), never on a test set."""

    dense: float = 1.0
    """The weight of the softmax regression on the sentence vector."""
    ngram: float = 0.5
    """The weight of the softmax regression on word and character n-grams."""
    prototype_similarity: float = 6.0
    """The weight of the cosine between the sentence vector and the nearest prototype of a topic."""
    dense_penalty: float = 3e-5
    """The L2 penalty, per text, on the weights of the regression on the sentence vector."""
    ngram_penalty: float = 3e-5
    """The L2 penalty, per text, on the weights of the regression on n-grams."""
    examples_per_prototype: int = 6
    """How many training vectors of a topic, on average, one prototype stands for."""
    temperature: float = 2.5
    """The temperature of the final softmax.

    It is above 1 because the classifier is too confident: the encoder that makes the vectors was fine-tuned on most of
    the questions that the classifier learns from.
    """
