"""A labelled text, as questions for training are read, and the digest of many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
    rows = sorted(json.dumps([e.text, dict(sorted(e.labels.items()))], ensure_ascii=False) for e in examples)
    return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()
