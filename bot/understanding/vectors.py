"""Graph component that computes a sentence vector for a message and one for each of its parts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import encoder
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.language import NORMALISED, PARTS, SpacyLanguage, digest

VECTORS = "vectors"
"""Message property, float32 (1 + parts, dimensions): the whole message, then its parts if it has several."""

ROOT = Path(__file__).resolve().parents[2]


@cache
def _encoder(folder: Path) -> SentenceEncoder:
    # One core for a message: two are faster on an idle machine, but slow each other down on a busy one.
    return SentenceEncoder.load(folder)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(GraphComponent):  # type: ignore[misc]
    """Encodes normalised text with the ONNX sentence encoder in the folder ``encoder``."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._encoder = _encoder(ROOT / config["encoder"])

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the component that normalises the text, which must come before this one."""
        return [SpacyLanguage]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: ``encoder`` is the folder of the encoder, relative to the root of the project."""
        return {"encoder": "data/encoder"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """Build the component; Rasa calls this."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return a digest of the files of the encoder and of the module that runs it."""
        return digest([Path(encoder.__file__), *sorted((ROOT / config["encoder"]).iterdir())])

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each message together with its parts, in one batch."""
        for message in messages:
            parts = message.get(PARTS)
            texts = [message.get(NORMALISED), *(parts if len(parts) > 1 else [])]
            message.set(VECTORS, self._encoder.encode(texts))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all examples, longest batches first, with progress on standard error."""
        examples = [e for e in training_data.training_examples if e.get(NORMALISED) is not None]
        vectors = self._encoder.encode([e.get(NORMALISED) for e in examples])
        for example, vector in zip(examples, vectors, strict=True):
            example.set(VECTORS, vector[None])
        return training_data
