"""A labelled text, as questions for training are read, and the digest of many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding import labels


@dataclass(frozen=True)
class Example:
    """A text and what it may be about: label to weight, the weights adding up to 1."""

    text: str
    labels: Mapping[str, float]

    @property
    def main(self) -> str:
        """The label with the greatest weight; the first in alphabetical order where several are equal."""
        return max(sorted(self.labels), key=lambda label: self.labels[label])


def digest(examples: Sequence[Example]) -> str:
    """Return the sha256 of the examples, whatever their order."""
    return labels.digest((example.text, example.labels) for example in examples)
