"""The Rasa agent in this process: one message and the conversation before it in, a decision out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa_sdk import Action

from bot.conversation.state import ConversationState
from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.choice import stands_alone
from bot.dialogue.decision import BotResponse, Decision
from bot.dialogue.errors import DialogueError
from bot.dialogue.follow_ups import FollowUps
from bot.dialogue.in_process_actions import InProcessActions
from bot.dialogue.nlu_reading import IN_CONTEXT, READINGS, TAPPED
from bot.dialogue.processor import Processor
from bot.dialogue.thresholds import DEFAULTS
from bot.messages import File, ReplyFormat
from bot.records.access.caller import UNKNOWN, Caller
from bot.replies.wording import ResponseCatalog
from bot.text.normalise import normalise
from bot.text.text import Text
from bot.topics.registry import SAFEGUARDING_TOPICS
from bot.understanding.context import NORMALISED, UNDIVIDED, in_context


class RasaAgent:
    """Understands a message and decides what to say, with Rasa. It keeps nothing between two messages."""

    def __init__(self, model: Path, actions: Iterable[Action], catalog: ResponseCatalog, follow_ups: FollowUps) -> None:
        """Load the trained model; takes a few seconds."""
        self._actions = InProcessActions(actions)
        self._processor = Processor(model, self._actions)
        self._follow_ups = follow_ups
        titles = {topic: catalog.title(topic) for topic in catalog.topics()}
        self._titles = {topic: normalise(title) for topic, title in titles.items() if title}

    def switch(self, model: Path) -> None:
        """Go on with another model; takes a few seconds, and may be called from any thread.

        It is loaded beside the one in use. A message that is being handled is handled by one of them throughout.
        """
        self._processor = Processor(model, self._actions)

    async def respond(
        self,
        text: Text,
        state: ConversationState,
        reply_format: ReplyFormat,
        now: datetime,
        caller: Caller = UNKNOWN,
        unit: UnitOfWork | None = None,
    ) -> Decision:
        """Decide what to do about ``text`` in the conversation ``state``; raise DialogueError for any failure."""
        processor, channel, state = self._processor, _Collector(reply_format), state.at(now)
        try:
            parsed = await self._understand(processor, text, state)
            message = UserMessage(
                text.clean,
                channel,
                parse_data=parsed,
                input_channel=reply_format.value,
                metadata=_metadata(text, caller, now),
            )
            turn = await processor.respond(message, state, unit)
        except Exception as error:
            raise DialogueError(type(error).__name__) from error
        return Decision.of(turn, tuple(channel.said), near_danger=_near_danger(parsed))

    async def _understand(self, processor: Processor, text: Text, state: ConversationState) -> dict[str, Any]:
        """Return the rankings of the message by itself and, where it may refer to the last answer, in its context."""
        # "Help: I can't go on" looks like a message in context; it stands by itself all the same.
        parsed = await _parse(processor, text.clean.replace(": ", " : "), {NORMALISED: text.normalised})
        last = state.context_topics[-1] if state.context_topics else None
        if last and self._reads_in_context(parsed, last, text):
            normalised = f"{_prefix(last)} {text.normalised}"
            after = await _parse(processor, in_context(last, text.clean), {NORMALISED: normalised, UNDIVIDED: True})
            parsed[IN_CONTEXT] = after[READINGS][0]["ranking"]
        tapped = (topic for topic in state.suggestions if self._titles.get(topic) == text.normalised)
        return {**parsed, "text": text.clean, TAPPED: next(tapped, None)}

    def _reads_in_context(self, parsed: Mapping[str, Any], last: str, text: Text) -> bool:
        best = parsed[READINGS][0]["ranking"][0]
        if last in SAFEGUARDING_TOPICS:
            return True
        alone = stands_alone(best["topic"], best["score"], last)
        return not alone and self._follow_ups.may_be_follow_up(text.normalised)


class _Collector(OutputChannel):  # type: ignore[misc]
    """Takes what the actions say."""

    def __init__(self, reply_format: ReplyFormat) -> None:
        self._reply_format = reply_format
        self.said: list[BotResponse] = []

    def name(self) -> str:
        return self._reply_format.value

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response."""
        options = tuple(button["title"] for button in message.get("buttons") or ())
        file = File(**message["file"]) if message.get("file") else None
        self.said.append(
            BotResponse(
                message["text"].strip(),
                message.get("section"),
                options,
                file,
                message.get("topic"),
                bool(message.get("refused")),
                message.get("ask_again"),
            )
        )


def _metadata(text: Text, caller: Caller, now: datetime) -> dict[str, Any]:
    """Return what the policy and the actions are told beside the words: who writes, and when."""
    return {
        "access": caller.access.value,
        "participant": caller.participant_id,
        "now": now.isoformat(),
        NORMALISED: text.normalised,
    }


async def _parse(processor: Processor, text: str, metadata: dict[str, Any]) -> dict[str, Any]:
    # A leading slash would make Rasa read "/intent{...}" as an intent already understood.
    message = UserMessage(text.lstrip("/ ") or "?", metadata=metadata)
    parsed: dict[str, Any] = await processor.parse_message(message)
    return parsed


@cache
def _prefix(topic: str) -> str:
    """Return how the normalised text of a message begins that is read in the context of ``topic``."""
    return normalise(in_context(topic, "").strip())


def _near_danger(parsed: Mapping[str, Any]) -> bool:
    entries = [entry for reading in parsed[READINGS] for entry in reading["ranking"]]
    return any(e["topic"] in SAFEGUARDING_TOPICS and e["score"] >= DEFAULTS.risk_whole for e in entries)
