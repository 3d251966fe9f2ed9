"""A tracker store with a short memory: what a turn leans on, however long the conversation has been."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

CONVERSATIONS = 20_000
"""How many conversations are kept; the one longest unused goes first."""

Slots = Mapping[str, Any]


class SlotTrackerStore(TrackerStore, SerializedTrackerAsText):  # type: ignore[misc]
    """Keeps each conversation's slots, in memory.

    Rasa's cost grows with the events it has to replay, and its events hold every word that was said. What a turn leans
    on is in the slots, and the rules look at the turn in hand only: so nothing else is kept.
    """

    def __init__(self, domain: Domain, conversations: int = CONVERSATIONS) -> None:
        """Keep at most ``conversations`` of them."""
        super().__init__(domain)
        self._limit = conversations
        self._kept: OrderedDict[str, Slots] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the slots of ``tracker``."""
        set_ = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
        set_.pop(SESSION_START_METADATA_SLOT, None)
        self.put(tracker.sender_id, set_)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Make a tracker of ``sender_id`` that waits for the next message; None where the conversation is new."""
        slots = self._kept.get(sender_id)
        if slots is None:
            return None
        events = [*(SlotSet(name, value) for name, value in slots.items()), ActionExecuted("action_listen")]
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._kept.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """Return the names of the conversations kept."""
        return list(self._kept)

    def get(self, sender_id: str) -> Slots | None:
        """Return the slots of a conversation; None where it is new."""
        return self._kept.get(sender_id)

    def put(self, sender_id: str, slots: Slots | None) -> None:
        """Keep what :meth:`get` gave; None forgets the conversation."""
        if slots is None:
            self._kept.pop(sender_id, None)
        else:
            self._kept[sender_id] = slots
            self._kept.move_to_end(sender_id)

    def slot(self, sender_id: str, name: str) -> Any:
        """Return the value of a slot, or None; without making a tracker."""
        return self._kept.get(sender_id, {}).get(name)
