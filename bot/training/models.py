"""The trained model: which file it is, whether it is stale, and how it is trained."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.errors import ConfigurationError
from bot.settings import ROOT
from bot.text import READ_WITH

_SOURCES = (
    "config.yml",
    "domain.yml",
    "uv.lock",
    "data",
    "bot/understanding",
    *(f"bot/text/{name}.py" for name in READ_WITH),
)
"""What a model is made from."""
EXCLUDED_FROM_DIGEST = (
    "data/answers",
    "data/dialogue",
    "data/leaflet",
    "data/safety",
    "data/staff",
    "data/evaluation",
)
"""Folders that are read when the service starts or a model is evaluated; no model is made from them."""
ADDED = Path("data", "nlu", "added")
"""A folder for questions that staff added, relative to the root. Nothing is trained from the files in it.

The database has those questions; a training gets them in a temporary folder.
"""


class TrainingError(ConfigurationError):
    """A training failed; what Rasa printed is on standard error."""


def digest(root: Path = ROOT, added: Path | None = None) -> str:
    """Return one sha256 over everything that a model is made from.

    ``added`` is the folder with the questions that staff added; None for none. Its files count by their names alone, so
    that the same questions in another folder are the same model.
    """
    own = [(str(file.relative_to(root)), file) for file in _files(root)]
    return _digest([*own, *((str(ADDED / file.name), file) for file in _added(added))])


def sources(root: Path = ROOT) -> str:
    """Return one sha256 over everything that a model is made from except the questions that staff added."""
    return digest(root)


def path(models: Path, root: Path = ROOT, added: Path | None = None) -> Path:
    """Return the file in ``models`` that a model of today's sources and ``added`` has."""
    return models / f"leafline-{digest(root, added)[:16]}.tar.gz"


def ready(models: Path, added: Path | None = None) -> Path:
    """Return the model, and train it first if it is missing or stale; progress goes to standard error."""
    model = path(models, added=added)
    if not model.exists():
        print("The model is missing or older than its sources: training it.", file=sys.stderr)  # noqa: T201
        train(model, added)
    return model


def train(model: Path, added: Path | None = None) -> None:
    """Train in a process of its own, which takes memory with it when it ends. Raises TrainingError."""
    if subprocess.run(command(model, added), cwd=ROOT, env=dict(os.environ), check=False).returncode:  # noqa: S603
        raise TrainingError("training failed: see above")


def command(model: Path, added: Path | None = None) -> list[str]:
    """Return the command that trains ``model``, with the questions in the folder ``added`` if there is one."""
    return [sys.executable, "-m", "bot.training.train", str(model), *([str(added)] if added else [])]


def training_files(added: Path | None = None, root: Path = ROOT) -> list[str]:
    """Return the files that Rasa learns from: those of the product, and those in the folder ``added``."""
    own = [file for file in _files(root) if root / "data" in file.parents]
    return [str(file) for file in (*own, *_added(added)) if file.suffix == ".yml"]


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for name, file in files:
        total.update(name.encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _added(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.yml")) if folder else []


def _files(root: Path) -> list[Path]:
    """Return the files of the product that a model is made from."""
    found = [file for source in _SOURCES for file in sorted((root / source).rglob("*")) if file.is_file()]
    found += [root / source for source in _SOURCES if (root / source).is_file()]
    skipped = [root / ADDED, *(root / source for source in EXCLUDED_FROM_DIGEST)]
    return [f for f in found if "__pycache__" not in f.parts and not any(s in f.parents for s in skipped)]
