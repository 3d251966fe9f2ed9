"""The batches that fine-tuning goes through, and the labels that its examples carry."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.training.examples import Example


def read(file: Path) -> list[Example]:
    """Read JSON lines {"text": ..., "labels": {label: weight}}; weights are scaled to add up to 1."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [Example(row["text"], _scaled(row["labels"])) for row in rows]


def labels_of(examples: Iterable[Example]) -> list[str]:
    """Return every label that occurs, in alphabetical order."""
    return sorted({label for example in examples for label in example.labels})


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> Iterator[list[int]]:
    """Yield the numbers of all examples once, in random batches in which most have a partner of their label.

    Contrastive learning pulls partners together; in a purely random batch of 64 out of 150 labels few have one.
    """
    by_label: dict[str, list[int]] = defaultdict(list)
    for number in rng.sample(range(len(examples)), len(examples)):
        by_label[examples[number].main].append(number)
    pairs = [group[i : i + 2] for group in by_label.values() for i in range(0, len(group), 2)]
    rng.shuffle(pairs)
    order = [number for pair in pairs for number in pair]
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _scaled(labels: Mapping[str, float]) -> dict[str, float]:
    total = sum(labels.values())
    if not labels or total <= 0:
        raise ValueError("an example needs at least one label of positive weight")
    return {label: weight / total for label, weight in labels.items()}
