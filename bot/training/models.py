"""The trained model: where it is, whether it is stale, and how it is made."""

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
"""What a model is made from; of data/, the rest is read when the service starts, or by tests."""
EXCLUDED_FROM_DIGEST = (
    "data/answers",
    "data/dialogue",
    "data/leaflet",
    "data/safety",
    "data/staff",
    "data/trial",
    "bot/understanding/finetune",
)
_ADDED = Path("data", "nlu", "added")
"""Where training questions that staff added are, if no setting says otherwise."""


class TrainingError(ConfigurationError):
    """Training failed; what Rasa printed went to standard error."""


def digest(root: Path = ROOT, added: Path | None = None) -> str:
    """Return one sha256 over everything that a model is made from; ``added`` is the folder of added questions."""
    folder = added or root / _ADDED
    own = [(str(file.relative_to(root)), file) for file in _files(root, folder)]
    # By name alone, so that the same questions in another folder are the same model.
    return _digest([*own, *((str(_ADDED / file.name), file) for file in _added(folder))])


def sources(root: Path = ROOT, added: Path | None = None) -> str:
    """Return one sha256 over everything that a model is made from but the questions that staff added."""
    return _digest((str(file.relative_to(root)), file) for file in _files(root, added or root / _ADDED))


def path(models: Path, root: Path = ROOT, added: Path | None = None) -> Path:
    """Return where the model of today's sources is, or would be."""
    return models / f"leafline-{digest(root, added)[:16]}.tar.gz"


def ready(models: Path, added: Path | None = None) -> Path:
    """Return the model, trained first where it is missing or stale; progress goes to standard error."""
    model = path(models, added=added)
    if not model.exists():
        print("The model is missing or older than its sources: training it.", file=sys.stderr)  # noqa: T201
        train(model, added)
    return model


def train(model: Path, added: Path | None = None) -> None:
    """Train in a process of its own, so that TensorFlow is never loaded into the one that serves."""
    if subprocess.run(command(model, added), cwd=ROOT, env=dict(os.environ), check=False).returncode:  # noqa: S603
        raise TrainingError("training failed: see above")


def command(model: Path, added: Path | None = None) -> list[str]:
    """Return the command that trains ``model``."""
    return [sys.executable, "-m", "bot.training.train", str(model), str(added or ROOT / _ADDED)]


def training_files(added: Path, root: Path = ROOT) -> list[str]:
    """Return the files that Rasa learns from: the product's, and those in the folder ``added``."""
    own = [file for file in _files(root, added) if root / "data" in file.parents]
    return [str(file) for file in (*own, *_added(added)) if file.suffix == ".yml"]


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for name, file in files:
        total.update(name.encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _added(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _files(root: Path, added: Path) -> list[Path]:
    """Return the product's own files; questions that staff added into the usual folder are none of them."""
    found = [file for source in _SOURCES for file in sorted((root / source).rglob("*")) if file.is_file()]
    found += [root / source for source in _SOURCES if (root / source).is_file()]
    skipped = [added, root / _ADDED, *(root / source for source in EXCLUDED_FROM_DIGEST)]
    return [f for f in found if "__pycache__" not in f.parts and not any(s in f.parents for s in skipped)]
