"""Rasa's message processor, joined to the actions in this process.

Rasa's own loop hides what an action raises, keeps every word of a conversation in a tracker store, and validates each
action's answer against a JSON schema. Here a failure has to be seen, and a conversation is one small value: so a
message gets a tracker of its own, which holds that value and the message, and is dropped afterwards.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.conversation.state import ConversationState
from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.graph import SequentialGraphRunner
from bot.dialogue.in_process_actions import InProcessActions
from bot.dialogue.turn import LISTEN, SLOT, Turn


class Processor(MessageProcessor):  # type: ignore[misc]
    """Runs a message through the model: understanding, one prediction of the policy, and the actions."""

    def __init__(self, model: Path, actions: InProcessActions) -> None:
        """Load ``model``; takes a few seconds."""
        store = InMemoryTrackerStore(Domain.empty())  # never written to
        super().__init__(str(model), store, InMemoryLockStore(), TemplatedNaturalLanguageGenerator({}))
        self._actions = actions

    async def respond(self, message: UserMessage, state: ConversationState, unit: UnitOfWork | None) -> Turn:
        """Carry out the turn that the policy plans for ``message``; what is said goes to its output channel."""
        tracker = self._tracker(message, state)
        tracker.update_with_events(self._predict_next_with_tracker(tracker).events, self.domain)
        turn = Turn.from_json(tracker.get_slot(SLOT))
        while turn.next_action != LISTEN:
            turn = await self._actions.perform(turn, message, unit)
        return turn

    def _tracker(self, message: UserMessage, state: ConversationState) -> DialogueStateTracker:
        heard = message.parse_data
        events = [
            SlotSet(SLOT, Turn(state, state)),
            ActionExecuted(LISTEN),
            UserUttered(
                message.text,
                heard["intent"],
                heard["entities"],
                heard,
                input_channel=message.input_channel,
                metadata=message.metadata,
            ),
        ]
        return DialogueStateTracker.from_events(message.sender_id, events, self.domain.slots, domain=self.domain)

    @staticmethod
    def _load_model(model_path: str) -> tuple[str, ModelMetadata, GraphRunner]:
        with TempDirectoryPath(get_temp_dir_name()) as unpacked:
            loaded = load_predict_graph_runner(
                Path(unpacked), Path(model_path), LocalModelStorage, SequentialGraphRunner
            )
        return Path(model_path).name, *loaded

    def _check_for_unseen_features(self, parse_data: Mapping[str, Any]) -> None:
        """Compare with nothing: Rasa warns here, at every message, of intents that the domain lacks."""
