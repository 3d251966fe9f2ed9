"""The project's policy: it predicts the action from the ranked topics, the conversation and the thresholds.

It learns nothing: what it goes by is in :mod:`bot.dialogue.choice`, a pure function with tests of its own.
"""

from __future__ import annotations

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import exchange, follow_ups, personal_phrases
from bot.dialogue.nlu_reading import nlu_result
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_reader import PersonalReader
from bot.dialogue.planning import Planner
from bot.dialogue.terminal import for_policy
from bot.dialogue.turn import LISTEN, SLOT, Turn


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class TopicPolicy(Policy):  # type: ignore[misc]
    """Predicts the first action for a message; each action names the one that follows it."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        """Read the phrases and the counted follow-ups; Rasa calls this."""
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._reader = PersonalReader(personal_phrases.load(), exchange.load())
        self._planner = Planner(follow_ups.load(), self._reader)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: ``priority`` is Rasa's, for a choice among several policies."""
        return {"priority": 1}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicPolicy:
        """Build the policy; a model holds nothing of it."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Learn nothing; Rasa asks every policy."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Return the prediction of one action, with the turn that was planned."""
        done = _actions_since_message(tracker)
        turn = self._plan(tracker)
        action = turn.moves[done].action if done < len(turn.moves) else LISTEN
        events = [] if done else [SlotSet(SLOT, turn.to_json())]
        probabilities = confidence_scores_for(action, 1.0, domain)
        return PolicyPrediction(probabilities, type(self).__name__, self.priority, events)

    def _plan(self, tracker: DialogueStateTracker) -> Turn:
        before = Turn.from_json(tracker.get_slot(SLOT)).after
        latest, channel = tracker.latest_message, tracker.get_latest_input_channel() or ""
        given = for_policy({**latest.parse_data, "text": latest.text, "metadata": latest.metadata}, channel)
        message = PersonalMessage.of(given, before, channel)
        continues = self._reader.continues_topic(message)
        return self._planner.plan(nlu_result(given, message, continues), message)


def _actions_since_message(tracker: DialogueStateTracker) -> int:
    """Return how many actions have run since the person wrote: more than none only where nothing follows them up."""
    done = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        done += isinstance(event, ActionExecuted)
    return done
