"""Runs the project's actions in this process, where Rasa would call an action server over HTTP."""

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.turn import SLOT, Turn


class UnitDispatcher(CollectingDispatcher):  # type: ignore[misc]
    """Collects what an action says, and gives it what it reads and writes the record in."""

    def __init__(self, unit: UnitOfWork | None) -> None:
        """Give ``unit``; None where there is no record."""
        super().__init__()
        self.unit = unit


class InProcessActions:
    """Gives each action what Rasa's action server would: a dispatcher and a tracker, and no server and no port.

    What an action raises reaches the caller.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        """Take ``actions``, already built."""
        self._actions = {action.name(): action for action in actions}

    async def perform(self, turn: Turn, message: UserMessage, unit: UnitOfWork | None) -> Turn:
        """Run the next action of ``turn``; send what it says to the message's channel, and return what it came to."""
        dispatcher = UnitDispatcher(unit)
        events = await self._actions[turn.next_action].run(dispatcher, _tracker(turn, message), {})
        channel: OutputChannel = message.output_channel
        for response in dispatcher.messages:
            await channel.send_response(message.sender_id, response)
        return Turn.from_json(next(event["value"] for event in events if event.get("name") == SLOT))


def _tracker(turn: Turn, message: UserMessage) -> Tracker:
    """Return the tracker that an action reads: the turn, and the message."""
    heard: dict[str, Any] = {"event": "user", "input_channel": message.input_channel}
    latest = {**message.parse_data, "text": message.text, "metadata": message.metadata}
    return Tracker(message.sender_id, {SLOT: turn}, latest, [heard], False, None, {}, "action_listen")
