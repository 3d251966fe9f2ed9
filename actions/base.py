"""What every action of the project has in common: it carries out its part of a turn and names the action after it."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.personal_answers import PersonalReply
from actions.tools import Tools, built
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import SLOT, Turn
from bot.messages import ReplyFormat


@dataclass(frozen=True)
class Voice:
    """Says things in the form of the channel that the message came by."""

    dispatcher: CollectingDispatcher
    tools: Tools
    reply_format: ReplyFormat

    def say(self, name: str, offered: tuple[str, ...] = ()) -> None:
        """Say the response ``name``, with a button for each topic or response that is ``offered``."""
        self.dispatcher.utter_message(
            text=self.tools.text(name, self.reply_format),
            buttons=[self.button(self.tools.catalog.title(topic)) for topic in offered],
            section=self.tools.catalog.section(name),
            topic=name,
        )

    def reply(self, reply: PersonalReply) -> None:
        """Say an answer from a person's record."""
        self.dispatcher.utter_message(
            text=reply.text,
            buttons=[self.button(option) for option in reply.options],
            section=reply.section,
            file=asdict(reply.calendar) if reply.calendar else None,
            refused=reply.refused,
            ask_again=reply.ask_again,
        )

    @staticmethod
    def button(title: str) -> dict[str, str]:
        """Return a button that sends its own title."""
        return {"title": title, "payload": title}


class TurnAction(Action, ABC):  # type: ignore[misc]
    """One action of a turn. The last one is followed by listening: the policy is not asked a second time."""

    def __init__(self, tools: Tools | None = None) -> None:
        """Take what the composition root has built; `rasa run actions` gives nothing, and has it built by itself."""
        self.tools = tools or built()

    @abstractmethod
    def name(self) -> str:
        """Return the name that the domain and the stories use."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Carry out this part of the turn; return what the turn has come to, and the action that follows."""
        turn = Turn.from_json(tracker.get_slot(SLOT))
        channel = tracker.get_latest_input_channel() or ""
        message = PersonalMessage.of(self.tools.authenticated(tracker.latest_message, channel), turn.before, channel)
        async with self.tools.unit(dispatcher) as unit:
            voice = Voice(dispatcher, self.tools, message.reply_format)
            turn = await self.perform(turn, replace(message, unit=unit), voice)
        return [SlotSet(SLOT, turn.to_json()), FollowupAction(turn.next_action)]

    @abstractmethod
    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say what is to be said; return the turn as it goes on."""
