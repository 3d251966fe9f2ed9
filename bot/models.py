"""The trained model: where it is, whether it is stale, and how it is made."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from bot.errors import ConfigurationError
from bot.settings import ROOT

_SOURCES = ("config.yml", "domain.yml", "uv.lock", "data", "bot/understanding", "bot/text")
"""What a model is made from; of data/, the rest is read when the service starts, or by tests."""
_NOT_IN_IT = ("data/safety", "data/dialogue", "data/leaflet", "data/screen", "bot/understanding/finetune")


class TrainingError(ConfigurationError):
    """Training failed; what Rasa printed went to standard error."""


def digest(root: Path = ROOT) -> str:
    """Return one sha256 over everything that a model is made from."""
    total = hashlib.sha256()
    for file in _files(root):
        total.update(str(file.relative_to(root)).encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def path(models: Path, root: Path = ROOT) -> Path:
    """Return where the model of today's sources is, or would be."""
    return models / f"leafline-{digest(root)[:16]}.tar.gz"


def ready(models: Path) -> Path:
    """Return the model, trained first where it is missing or stale; progress goes to standard error."""
    model = path(models)
    if not model.exists():
        print("The model is missing or older than its sources: training it.", file=sys.stderr)  # noqa: T201
        train(model)
    return model


def train(model: Path) -> None:
    """Train in a process of its own, so that TensorFlow is never loaded into the one that serves."""
    command = [sys.executable, "-m", "bot.training", str(model)]
    if subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=False).returncode:  # noqa: S603
        raise TrainingError("training failed: see above")


def _files(root: Path) -> list[Path]:
    found = [file for source in _SOURCES for file in sorted((root / source).rglob("*")) if file.is_file()]
    found += [root / source for source in _SOURCES if (root / source).is_file()]
    skipped = [root / source for source in _NOT_IN_IT]
    return [f for f in found if "__pycache__" not in f.parts and not any(s in f.parents for s in skipped)]
