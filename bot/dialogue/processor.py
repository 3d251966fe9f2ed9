"""Rasa's message processor, joined to this project's store and actions.

Rasa's Agent is the same processor behind a lock that polls once a second and a store that hides its failures;
here the conversation keeps each person's order, and a failure has to be seen.
"""

from pathlib import Path

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.endpoint import InProcessAction, InProcessActions


class Processor(MessageProcessor):  # type: ignore[misc]
    """Runs a message through the model: understanding, rules, actions, responses."""

    def __init__(self, model: Path, store: TrackerStore, actions: InProcessActions) -> None:
        """Load ``model``; takes a few seconds."""
        words = TemplatedNaturalLanguageGenerator({})
        super().__init__(str(model), store, InMemoryLockStore(), words, action_endpoint=actions)
        words.responses = self.domain.responses
        store.domain = self.domain
        self._actions = actions

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Predict the next action; one of the project's own runs in this process."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, RemoteAction):
            action = InProcessAction(action.name(), self._actions)
        return action, prediction
