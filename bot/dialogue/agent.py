"""The Rasa agent in this process: one message in, what the bot says and chose out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa_sdk import Action

from bot.dialogue.choice import stands_alone
from bot.dialogue.faults import DialogueError, ErrorCollector
from bot.dialogue.follow_ups import FollowUps
from bot.dialogue.in_process_actions import InProcessActions
from bot.dialogue.processor import Processor
from bot.dialogue.thresholds import DEFAULTS
from bot.dialogue.tracker_store import SlotTrackerStore
from bot.messages import File, ReplyFormat
from bot.replies.wording import ResponseCatalog
from bot.text.normalise import normalise
from bot.topics.registry import SAFEGUARDING_TOPICS
from bot.understanding.context import in_context

SLOT, BOUNDARY = "last_turn", "boundary"
_STOP_ASKED = "stop_asked"
_ASKING = ("confirm", "withdraw")
"""The stages of an absence report that wait for yes or no."""
_BEGUN = ("which", "confirm", "withdraw", "noted")
"""The stages of an exchange about absences in which there is something to cancel."""
CONTEXT_TTL = timedelta(days=1)
"""How long a message may lean on what was said before it."""


@dataclass(frozen=True)
class BotResponse:
    """One thing the bot said: its text, the leaflet's heading, and the titles of its buttons."""

    text: str
    section: str | None = None
    options: tuple[str, ...] = ()
    file: File | None = None
    topic: str | None = None
    """What it is the wording of, where it is a response as it stands."""


@dataclass(frozen=True)
class AgentResult:
    """What came of one message."""

    utterances: tuple[BotResponse, ...]
    topics: tuple[str, ...]
    suggestions: tuple[str, ...]
    confidence: float
    refused: bool = False
    """Whether an own answer has to wait for a link or a PIN."""
    picked: str | None = None
    """The title of what was picked of an offer: a "yes" by itself would say nothing when it is heard again."""
    lost: bool = False
    """Whether nothing was understood."""
    near_danger: bool = False
    """Whether it might be about a life or a child at risk, however little was heard of that."""


class _Collector(OutputChannel):  # type: ignore[misc]
    """Takes what Rasa would send; its name chooses the responses' channel variations."""

    def __init__(self, rendering: ReplyFormat, wording: ResponseCatalog) -> None:
        self._rendering = rendering
        self._wording = wording
        self.said: list[BotResponse] = []

    def name(self) -> str:
        return self._rendering.value

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        options = tuple(button["title"] for button in message.get("buttons") or [])
        response, section = message.get("utter_action"), message.get("section")
        topic = self._wording.topic(response) if response else None
        if topic:
            section = self._wording.section(topic)
        file = File(**message["file"]) if message.get("file") else None
        self.said.append(BotResponse(message["text"].strip(), section, options, file, topic))


class RasaAgent:
    """Understands a message and chooses what to say, with Rasa; keeps each conversation's short memory."""

    def __init__(self, model: Path, actions: Iterable[Action], wording: ResponseCatalog, follow_ups: FollowUps) -> None:
        """Load the trained model; takes a few seconds."""
        self._faults = ErrorCollector()
        self._store = SlotTrackerStore(Domain.empty())
        self._actions = InProcessActions(actions, self._faults)
        self._wording = wording
        self._processor = Processor(model, self._store, self._actions, wording.responses)
        self._follow_ups = follow_ups

    def switch(self, model: Path) -> None:
        """Go on with another model; takes a few seconds, and may be called from any thread.

        It is loaded beside the one in use. A message that is being handled is handled by one of them throughout.
        """
        self._processor = Processor(model, self._store, self._actions, self._wording.responses)

    async def hear(
        self, conversation: str, text: str, rendering: ReplyFormat, speaker: Mapping[str, object] | None = None
    ) -> AgentResult:
        """Handle ``text``; raise DialogueError for any failure, also one that Rasa would have gone on over.

        ``speaker`` is what the own record's answers go by: "access", "participant", "now" (ISO 8601).
        """
        channel, processor = _Collector(rendering, self._wording), self._processor
        self._forget_old(conversation, speaker or {})
        try:
            heard = await self._understand(processor, conversation, text)
            message = UserMessage(
                text,
                channel,
                conversation,
                parse_data=heard,
                input_channel=rendering.value,
                metadata=dict(speaker or {}),
            )
            with self._faults.raised_at_the_end():
                await processor.handle_message(message)
        except Exception as error:
            raise DialogueError(type(error).__name__) from error
        said = self._store.slot(conversation, SLOT) or {}
        return AgentResult(
            tuple(channel.said),
            tuple(said.get("topics", ())),
            tuple(said.get("suggestions", ())),
            float(said.get("confidence", 0.0)),
            bool(said.get("refused")),
            said.get("picked"),
            bool(said.get("lost")),
            _near_danger(heard),
        )

    async def remember(self, conversation: str, state: str | None) -> None:
        """Take up a conversation where :meth:`remembered` left it; None for a new one."""
        slots = json.loads(state) if state else None
        self._store.put(conversation, slots if isinstance(slots, dict) else None)  # once it was a list of events

    def remembered(self, conversation: str) -> str | None:
        """Return what the next turn of ``conversation`` leans on, as text; None where there is nothing."""
        slots = self._store.get(conversation)
        return None if slots is None else json.dumps(slots, ensure_ascii=False)

    def in_exchange(self, conversation: str) -> bool:
        """Tell whether something was begun that a "cancel" would mean."""
        said = self._store.slot(conversation, SLOT) or {}
        absence = said.get("own", {}).get("absence")
        begun = isinstance(absence, dict) and absence.get("stage") in _BEGUN
        return begun or bool(said.get("suggestions"))

    def end_exchange(self, conversation: str) -> None:
        """Forget what was begun and waits for an answer, and what was offered; the last answer is still leant on."""
        slots = self._store.get(conversation) or {}
        if slots.get(SLOT):
            ended = {"own": {}, "suggestions": [], "offers": False}
            self._store.put(conversation, {**slots, SLOT: {**slots[SLOT], **ended}})

    def reports(self, conversation: str) -> bool:
        """Tell whether it is an absence that was begun to be reported."""
        said = self._store.slot(conversation, SLOT) or {}
        return bool(said.get("own", {}).get("absence"))

    def asks_yes_or_no(self, conversation: str) -> bool:
        """Tell whether the last thing said was a question that takes yes or no."""
        said = self._store.slot(conversation, SLOT) or {}
        absence = said.get("own", {}).get("absence") or {}
        one_offer = len(said.get("suggestions") or ()) == 1
        return one_offer or absence.get("stage") in _ASKING or self.stop_asked(conversation) is not None

    def ask_stop(self, conversation: str, now: datetime) -> None:
        """Keep that the person was asked now whether they want no more messages."""
        self._store.put(conversation, {**(self._store.get(conversation) or {}), _STOP_ASKED: now.isoformat()})

    def stop_asked(self, conversation: str) -> datetime | None:
        """Return when :meth:`ask_stop` was called, if that still waits for its answer."""
        at = self._store.slot(conversation, _STOP_ASKED)
        return datetime.fromisoformat(at) if at else None

    def stop_answered(self, conversation: str) -> None:
        """Forget that :meth:`ask_stop` was called: the question is asked once, and the next message answers it."""
        slots = self._store.get(conversation) or {}
        if _STOP_ASKED in slots:
            self._store.put(conversation, {name: value for name, value in slots.items() if name != _STOP_ASKED})

    def answered(self, conversation: str, topic: str, now: datetime) -> None:
        """Keep that ``topic`` was answered without being heard here: the next message may lean on it alone."""
        self.end_exchange(conversation)
        slots = self._store.get(conversation) or {}
        new = {"topics": [topic], "suggestions": [], "lost": 0, "leant_on": [topic], "at": now.isoformat()}
        self._store.put(conversation, {**slots, SLOT: {**(slots.get(SLOT) or {}), **new}})

    def drew_boundary(self, conversation: str) -> datetime | None:
        """Return when :meth:`draws_boundary` was called last, if that is known."""
        at = self._store.slot(conversation, BOUNDARY)
        return datetime.fromisoformat(at) if at else None

    def draws_boundary(self, conversation: str, now: datetime) -> None:
        """Keep, with what the next turn leans on, that an insult was answered now with a sentence about it."""
        self._store.put(conversation, {**(self._store.get(conversation) or {}), BOUNDARY: now.isoformat()})

    async def forget(self, conversation: str) -> None:
        """Forget what was said in ``conversation``, also where it is kept: an empty memory replaces that."""
        self._store.put(conversation, {})

    def _forget_old(self, conversation: str, speaker: Mapping[str, object]) -> None:
        """Lean on nothing that was said long ago: "ok" to a reminder does not go on from last week's answer."""
        slots = self._store.get(conversation) or {}
        at = (slots.get(SLOT) or {}).get("at")
        now = speaker.get("now")
        if at and now and datetime.fromisoformat(str(now)) > datetime.fromisoformat(at) + CONTEXT_TTL:
            self._store.put(conversation, {name: value for name, value in slots.items() if name != SLOT})

    async def _understand(self, processor: Processor, conversation: str, text: str) -> dict[str, Any]:
        # "Help: I can't go on" is written as a message is that leans on an answer; it stands by itself all the same.
        heard = {**await _parse(processor, text.replace(": ", " : ")), "text": text}
        last = (self._store.slot(conversation, SLOT) or {}).get("leant_on", [])
        best = heard["readings"][0]["ranking"][0]
        at_risk = bool(last) and last[-1] in SAFEGUARDING_TOPICS
        by_itself = not last or stands_alone(best["topic"], best["score"], last[-1])
        if at_risk or (not by_itself and self._follow_ups.leans_back(normalise(text))):
            after = await _parse(processor, in_context(last[-1], text))
            heard["in_context"] = after["readings"][0]["ranking"]
        return heard


async def _parse(processor: Processor, text: str) -> dict[str, Any]:
    # A leading slash would make Rasa read "/intent{...}" as an intent already understood.
    parsed: dict[str, Any] = await processor.parse_message(UserMessage(text.lstrip("/ ") or "?"))
    parsed["text"] = text
    return parsed


def _near_danger(heard: Mapping[str, Any]) -> bool:
    entries = [entry for reading in heard["readings"] for entry in reading["ranking"]]
    return any(e["topic"] in SAFEGUARDING_TOPICS and e["score"] >= DEFAULTS.life_of_whole for e in entries)
