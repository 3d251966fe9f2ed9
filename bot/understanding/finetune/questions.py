"""The project's own training questions, as the encoder is made from them: normalised, with their labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.text.normalise import normalise
from bot.understanding.finetune.examples import Example
from bot.understanding.labels import soft_labels

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = tuple(ROOT / "data" / "nlu" / name for name in ("leaflet", "personal", "conversation"))
"""What the encoder is made from. A question added elsewhere under data/nlu/ trains the classifier alone."""


def questions() -> list[Example]:
    """Read every training question once, in the order of the files."""
    found = {
        example.text: example for folder in FOLDERS for file in sorted(folder.glob("*.yml")) for example in _read(file)
    }
    return list(found.values())


def _read(file: Path) -> Iterator[Example]:
    for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
        labels = soft_labels(entry["intent"], _also(entry))
        for line in entry["examples"].splitlines():
            yield Example(normalise(line.removeprefix("- ")), labels)


def _also(entry: dict[str, Any]) -> list[str]:
    also: list[str] = (entry.get("metadata") or {}).get("also", [])
    return also
