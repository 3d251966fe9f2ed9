"""The conversations of this process: what the next message of each is understood with."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from bot.conversation.state import ConversationState

CONVERSATIONS = 20_000
"""How many conversations are kept; the one longest unused goes first."""


class ConversationStates:
    """Keeps the state of each conversation in memory between two messages, or until it is taken up from the record."""

    def __init__(self, conversations: int = CONVERSATIONS) -> None:
        """Keep at most ``conversations`` of them."""
        self._limit = conversations
        self._kept: OrderedDict[str, ConversationState] = OrderedDict()

    def get(self, conversation: str) -> ConversationState:
        """Return the state of a conversation; a new one has nothing in it."""
        return self._kept.get(conversation, ConversationState())

    def kept(self, conversation: str) -> ConversationState | None:
        """Return the state of a conversation; None where nothing was ever put."""
        return self._kept.get(conversation)

    def put(self, conversation: str, state: ConversationState | None) -> None:
        """Keep ``state``; None lets go of the conversation."""
        if state is None:
            self._kept.pop(conversation, None)
            return
        self._kept[conversation] = state
        self._kept.move_to_end(conversation)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def change(self, conversation: str, **fields: Any) -> None:
        """Replace ``fields`` of a conversation's state; a state that has them already is left as it is."""
        before = self.get(conversation)
        after = replace(before, **fields)
        if after != before:
            self.put(conversation, after)

    def end_exchange(self, conversation: str) -> None:
        """Let go of what was begun or offered; the next message may still refer to the last answer."""
        before = self.kept(conversation)
        if before is not None:
            self.put(conversation, before.ended())

    def forget(self, conversation: str) -> None:
        """Forget what was said, also where it is stored: an empty state replaces that."""
        self.put(conversation, ConversationState())
