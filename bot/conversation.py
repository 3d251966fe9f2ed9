"""One message in, replies out: the only door to the bot, for every channel."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.dialogue.agent import Dialogue, Turn, Utterance
from bot.dialogue.faults import DialogueError
from bot.messages import Answer, Button, InboundMessage, Rendering, Reply
from bot.replies import gsm
from bot.replies.wording import Wording
from bot.safety.detector import Detector
from bot.text.clean import clean, has_words

logger = logging.getLogger(__name__)

LIFE_AT_RISK = ("crisis", "child_at_risk")


class Conversation:
    """Safety first, then the dialogue. Messages of one conversation are handled in order."""

    def __init__(self, detector: Detector, dialogue: Dialogue, wording: Wording, office: dict[str, str]) -> None:
        """Take what the composition root has built."""
        self._detector = detector
        self._dialogue = dialogue
        self._wording = wording
        self._office = office
        self._turns = Turns()

    async def handle(self, message: InboundMessage) -> Answer:
        """Return the answer to ``message``. A failure inside is said to the person, and logged without text."""
        text = clean(message.text)
        risk = self._detector.risk(text)
        if risk:
            return self._fixed(risk, message.rendering, confidence=1.0)
        if not has_words(text) and text not in ("?", "??"):
            return Answer((Reply(self._words("empty", message.rendering)),))
        async with self._turns.of(message.conversation):
            try:
                turn = await self._dialogue.hear(message.conversation, text, message.rendering)
            except DialogueError:
                logger.exception("a message could not be handled")
                return Answer((Reply(self._words("trouble", message.rendering)),))
        return self._answer(turn, message.rendering)

    def _answer(self, turn: Turn, rendering: Rendering) -> Answer:
        replies = tuple(self._reply(utterance, rendering) for utterance in turn.utterances)
        alerts = tuple(topic for topic in turn.topics if topic in LIFE_AT_RISK)
        return Answer(replies, turn.topics, turn.suggestions, turn.confidence, alerts)

    def _reply(self, utterance: Utterance, rendering: Rendering) -> Reply:
        section = self._wording.section(self._wording.topic(utterance.response))
        if rendering is Rendering.SMS:
            options = "".join(f"\n{number}. {title}" for number, title in enumerate(utterance.options, 1))
            return Reply(gsm.to_gsm(utterance.text + options), section)
        return Reply(utterance.text, section, tuple(Button(title, title) for title in utterance.options))

    def _fixed(self, topic: str, rendering: Rendering, *, confidence: float) -> Answer:
        return Answer((Reply(self._words(topic, rendering)),), (topic,), (), confidence, (topic,))

    def _words(self, topic: str, rendering: Rendering) -> str:
        return self._wording.text(topic, rendering, **self._office)


class Turns:
    """A lock for each conversation with a message in hand, and none for the others."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, conversation: str) -> AsyncIterator[None]:
        """Wait until ``conversation`` is nobody else's, and hold it."""
        lock, waiting = self._locks.get(conversation, (asyncio.Lock(), 0))
        self._locks[conversation] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(conversation)
            if waiting > 1:
                self._locks[conversation] = (lock, waiting - 1)
