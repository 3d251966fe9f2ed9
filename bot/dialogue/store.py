"""A tracker store with a short memory: what a turn leans on, however long the conversation has been."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 2
"""How many turns of events are kept; slots are kept for as long as the conversation is."""
CONVERSATIONS = 20_000
"""How many conversations are kept; the one longest unused goes first."""


class ShortMemoryStore(TrackerStore, SerializedTrackerAsText):  # type: ignore[misc]
    """Keeps each conversation's slots and last turns, in memory.

    Rasa's cost grows with the events it has to replay. Stock ``max_event_history`` cuts anywhere and forgets
    slots set before the cut; this cuts at the start of a turn and puts a snapshot of the slots before it.
    """

    def __init__(self, domain: Domain, conversations: int = CONVERSATIONS) -> None:
        """Keep at most ``conversations`` of them."""
        super().__init__(domain)
        self._limit = conversations
        self._kept: OrderedDict[str, list[Event]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the end of ``tracker``, with a snapshot of its slots before it."""
        self._kept[tracker.sender_id] = _shortened(tracker)
        self._kept.move_to_end(tracker.sender_id)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Rebuild the tracker of ``sender_id``; None where the conversation is new."""
        events = self._kept.get(sender_id)
        if events is None:
            return None
        return DialogueStateTracker.from_events(sender_id, list(events), self.domain.slots, domain=self.domain)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._kept.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """Return the names of the conversations kept."""
        return list(self._kept)

    def get(self, sender_id: str) -> list[dict[str, Any]] | None:
        """Return what is kept of a conversation, as plain values; None where it is new."""
        events = self._kept.get(sender_id)
        return None if events is None else [event.as_dict() for event in events]

    def put(self, sender_id: str, events: list[dict[str, Any]] | None) -> None:
        """Keep what :meth:`get` gave; None forgets the conversation."""
        if events is None:
            self._kept.pop(sender_id, None)
        else:
            self._kept[sender_id] = [event for given in events if (event := Event.from_parameters(given))]

    def slot(self, sender_id: str, name: str) -> Any:
        """Return the value last kept of a slot, or None; without rebuilding a tracker."""
        for event in reversed(self._kept.get(sender_id, [])):
            if isinstance(event, SlotSet) and event.key == name:
                return event.value
        return None


def _shortened(tracker: DialogueStateTracker) -> list[Event]:
    events = list(tracker.events)
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= TURNS:
        return events
    # A turn starts after the action_listen before it; that one belongs to the snapshot.
    tail = events[turns[-TURNS] :]
    first = tail[0].timestamp
    snapshot: list[Event] = [
        SlotSet(name, slot.value, timestamp=first) for name, slot in tracker.slots.items() if slot.value is not None
    ]
    return [*snapshot, ActionExecuted("action_listen", timestamp=first), *tail]
