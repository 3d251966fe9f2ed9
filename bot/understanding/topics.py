"""Graph component: which topics a message may be about, each with a calibrated probability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import topic_model
from bot.understanding.context import last_of
from bot.understanding.labels import soft_labels
from bot.understanding.language import ASKS, NORMALISED, PARTS, digest
from bot.understanding.topic_model import TopicModel
from bot.understanding.vectors import VECTORS, SentenceVectors

READINGS = "readings"
"""Message property: a list of {"ranking": [{"topic", "score"}, ...] best first, "asks": bool}.

The first entry is about the whole message. If the message has several parts, one entry for each part follows; "asks"
tells whether that part has the form of a question."""
_KEPT = 8
_FOLDERS = ("alone", "in_context")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Ranks the topics of a message and of each of its parts; it decides nothing about the answer.

    It trains two models: one on the questions that stand by themselves, and one on those together with follow-ups to
    an answer (:mod:`bot.understanding.context`), because "ok" or "who do I ring" means something else after an answer.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        alone: TopicModel | None = None,
        in_context: TopicModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._alone = alone
        self._in_context = in_context

    @classmethod
    def required_components(cls) -> list[type]:
        """The sentence vectors must have been made before."""
        return [SentenceVectors]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: ``seed`` makes training repeatable."""
        return {"seed": 0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Build the untrained component; Rasa calls this."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Load the trained component; Rasa calls this."""
        with model_storage.read_from(resource) as folder:
            models = (TopicModel.load(Path(folder) / name) for name in _FOLDERS)
            return cls(config, model_storage, resource, *models)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return a digest of the modules that do the work."""
        folder = Path(topic_model.__file__).parent
        return digest(
            [
                folder / f"{name}.py"
                for name in (
                    "topic_model",
                    "topic_training",
                    "ngrams",
                    "softmax",
                    "labels",
                    "ensemble_weights",
                    "context",
                )
            ]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier to the examples that carry an intent, and persist it."""
        given = [e for e in training_data.intent_examples if e.get(VECTORS) is not None]
        topics = {example.get(INTENT) for example in given}
        examples = [example for example in given for _ in range(_weight(example))]
        self._alone = self._fit([e for e in examples if last_of(e.get(TEXT), topics) is None])
        self._in_context = self._fit(examples)
        with self._storage.write_to(self._resource) as folder:
            for name, model in zip(_FOLDERS, (self._alone, self._in_context), strict=True):
                model.save(Path(folder) / name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Pass the examples on."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the topics of each message and of its parts."""
        for message in messages:
            vectors = message.get(VECTORS)
            parts = message.get(PARTS) if len(vectors) > 1 else []
            model = self._model_for(message.get(TEXT))
            rankings = [_ranking(model, s) for s in model.scores([message.get(NORMALISED), *parts], vectors)]
            asks = [True, *message.get(ASKS)]
            readings = [{"ranking": r, "asks": a} for r, a in zip(rankings, asks, strict=False)]
            message.set(READINGS, readings, add_to_output=True)
            ranking = [{"name": r["topic"], "confidence": r["score"]} for r in rankings[0]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _fit(self, examples: list[Message]) -> TopicModel:
        return TopicModel.fit(
            [e.get(NORMALISED) for e in examples],
            np.concatenate([e.get(VECTORS) for e in examples]),
            [_labels(e) for e in examples],
            seed=self._config["seed"],
        )

    def _model_for(self, text: str) -> TopicModel:
        if self._alone is None or self._in_context is None:
            raise ValueError("the topic classifier is not trained: run `make train` first")
        return self._alone if last_of(text, self._in_context.topics) is None else self._in_context


def _ranking(model: TopicModel, scores: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    best = np.argsort(scores)[::-1][:_KEPT]
    return [{"topic": model.topics[i], "score": round(float(scores[i]), 4)} for i in best]


def _weight(example: Message) -> int:
    """Return how many times ``example`` is counted; one question among thousands would otherwise change nothing."""
    return int(_metadata(example).get("weight", 1))


def _metadata(example: Message) -> dict[str, Any]:
    found: dict[str, Any] = (example.get("metadata") or {}).get("intent", {})
    return found


def _labels(example: Message) -> dict[str, float]:
    """Return the topics that are right for ``example``: its intent, and others with less weight."""
    return soft_labels(example.get(INTENT), _metadata(example).get("also", []))
