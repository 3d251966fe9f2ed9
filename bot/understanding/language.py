"""Graph component that normalises a message and splits it into parts with spaCy."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.text import READ_WITH, normalise
from bot.understanding import context, nlp, parts

ASKS = "asks"
"""Message property: for each part, whether it has the form of a question."""
NORMALISED = "normalised"
"""Message property: the text as the classifier reads it."""
PARTS = "parts"
"""Message property: the parts of the normalised text, split where one question may end and another begin."""


@cache
def _pipeline() -> Language:
    return nlp.build()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyLanguage(Tokenizer, GraphComponent):  # type: ignore[misc]
    """Sets the tokens, the normalised text and the parts of each message."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._normaliser = normalise.shared()
        self._nlp = _pipeline()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings of Rasa's tokenizer; none of them changes what the classifier gets."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyLanguage:
        """Build the component; Rasa calls this."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return a digest of helper modules and word lists, whose changes Rasa would not notice."""
        return digest([*_sources(), *sorted(normalise.WORDS.iterdir())])

    def process(self, messages: list[Message]) -> list[Message]:
        """Process messages that are to be answered."""
        for message in messages:
            self._read(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Process training examples."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                self._read(example)
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Split on spaces, for stock components that may be in the same pipeline."""
        text = message.get(attribute)
        return self._convert_words_to_tokens(text.split(), text)  # type: ignore[no-any-return]

    def _read(self, message: Message) -> None:
        message.set("text_tokens", self.tokenize(message, TEXT))
        given = message.get("metadata") or {}
        normalised = given.get(context.NORMALISED) or self._normaliser(message.get(TEXT))
        message.set(NORMALISED, normalised)
        if given.get(context.UNDIVIDED):
            message.set(PARTS, [normalised])
            message.set(ASKS, [True])
            return
        reading = nlp.read(self._nlp, normalised)
        message.set(PARTS, list(reading.parts))
        message.set(ASKS, list(reading.asks))


def digest(files: list[Path]) -> str:
    """Return one sha256 over the contents of ``files``, in the order given."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _sources() -> list[Path]:
    text = Path(normalise.__file__).parent
    return [Path(nlp.__file__), Path(parts.__file__), *(text / f"{name}.py" for name in READ_WITH)]
