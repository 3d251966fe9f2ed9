"""The pipeline of config.yml on any labelled texts: normalised, encoded by an encoder made for them, classified."""

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

from bot.settings import ROOT
from bot.text.normalise import normalise
from bot.training import examples
from bot.training.examples import Example
from bot.understanding.encoder import MANIFEST_FILE, SentenceEncoder
from bot.understanding.topic_model import TopicModel
from tools.encoder.recipe import Recipe

CACHE = ROOT / "evaluation" / "cache"
ENCODER_PYTHON = ROOT / "tools" / "encoder" / ".venv" / "bin" / "python"
"""The environment that encoders are made in, which the product's own one knows nothing of: `make encoder-setup`."""


class Pipeline:
    """Trained on examples as they were typed; its encoder is made once and kept under :data:`CACHE`."""

    def __init__(self, data: list[Example], recipe: Recipe) -> None:
        self.encoder = SentenceEncoder.load(encoder_for(data, recipe), threads=recipe.threads)
        texts = [normalise(example.text) for example in data]
        vectors = self.encoder.encode(texts)
        self.model = TopicModel.fit(texts, vectors, [dict(example.labels) for example in data], seed=recipe.seed)

    @property
    def topics(self) -> list[str]:
        """The topics, in the order of the columns of :meth:`scores`."""
        return self.model.topics

    def scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (texts, topics) probabilities for texts as typed."""
        normalised = [normalise(text) for text in texts]
        return self.model.scores(normalised, self.encoder.encode(normalised))


def encoder_for(data: list[Example], recipe: Recipe) -> Path:
    """Return the folder of the encoder made from ``data`` by ``recipe``; made now if it never was."""
    name = hashlib.sha256(f"{examples.digest(data)} {recipe}".encode()).hexdigest()[:16]
    folder = CACHE / name
    if not (folder / MANIFEST_FILE).exists():
        with NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as file:
            file.writelines(json.dumps({"text": e.text, "labels": dict(e.labels)}) + "\n" for e in data)
            file.flush()
            given = ["--examples", file.name, "--folder", str(folder), "--recipe", json.dumps(asdict(recipe))]
            subprocess.run([str(ENCODER_PYTHON), "-m", "tools.encoder", *given], cwd=ROOT, check=True)
    return folder
