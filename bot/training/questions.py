"""The project's own training questions, as they were typed, with their labels and who wrote them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import yaml

from bot.training.examples import Example
from bot.understanding.labels import soft_labels

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "nlu"
PLAIN = frozenset({"plain"})
"""The kind of question that the encoder is made from; the others train the classifier alone.

For the classifier those others are worth more each: their vectors are not ones that the encoder was bent to.
"""


def questions(without_authors: Container[str] = ()) -> list[Example]:
    """Read every plain question once, in the order of the files; those of some authors can be left out."""
    return [example for author, example in by_author(kinds=PLAIN) if author not in without_authors]


def by_author(folders: Iterable[Path] = (FOLDER,), kinds: Container[str] | None = None) -> list[tuple[str, Example]]:
    """Read every training question of ``kinds`` (None: all) once, with the letter of the person who wrote it."""
    files = [file for folder in folders for file in sorted(folder.rglob("*.yml"))]
    found = {example.text: (author, example) for file in files for author, example in _read(file, kinds)}
    return list(found.values())


def _read(file: Path, kinds: Container[str] | None) -> Iterator[tuple[str, Example]]:
    for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
        metadata = entry.get("metadata") or {}
        if kinds is not None and metadata.get("kind") not in kinds:
            continue
        labels = soft_labels(entry["intent"], metadata.get("also", []))
        for line in entry["examples"].splitlines():
            yield metadata.get("author", ""), Example(line.removeprefix("- "), labels)
