"""Reads the public intent data that understanding is measured on: BANKING77 and CLINC150. Nothing is copied."""

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OOS = "oos"
"""The label of what belongs to none of CLINC150's intents."""

Labelled = list[tuple[str, str]]
"""(text, intent) pairs."""


@dataclass(frozen=True)
class IntentData:
    """Training, validation and test questions; what is out of scope bears the label :data:`OOS`."""

    name: str
    train: Labelled
    validation: Labelled
    test: Labelled


def banking77(folder: Path) -> IntentData:
    """Read BANKING77 (Casanueva et al. 2020): 10,003 to train on, 3,080 to test on, 77 intents."""
    train, test = (_csv(folder / "banking77" / f"{part}.csv") for part in ("train", "test"))
    return IntentData("BANKING77", train, [], test)


def banking77_few(folder: Path, shots: int, seed: int) -> IntentData:
    """Read BANKING77 with ``shots`` random training questions for each intent."""
    full = banking77(folder)
    return IntentData(f"BANKING77, {shots} an intent, seed {seed}", few(full.train, shots, seed), [], full.test)


def clinc150(folder: Path) -> IntentData:
    """Read CLINC150 (Larson et al. 2019), with its 100 out-of-scope training questions (oos_train)."""
    data = json.loads((folder / "clinc150" / "data_full.json").read_text("utf-8"))
    parts = {name: [(text, label) for text, label in rows] for name, rows in data.items()}
    return IntentData(
        "CLINC150",
        parts["train"] + parts["oos_train"],
        parts["val"] + parts["oos_val"],
        parts["test"] + parts["oos_test"],
    )


def few(rows: Sequence[tuple[str, str]], shots: int, seed: int) -> Labelled:
    """Return ``shots`` random questions of each intent, intents in alphabetical order."""
    by_intent: dict[str, Labelled] = {}
    for text, intent in rows:
        by_intent.setdefault(intent, []).append((text, intent))
    rng = random.Random(seed)
    return [row for intent in sorted(by_intent) for row in rng.sample(by_intent[intent], shots)]


def _csv(file: Path) -> Labelled:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["category"]) for row in csv.DictReader(lines)]
