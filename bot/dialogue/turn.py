"""One message and its answer, as the policy plans it and the actions carry it out.

It travels in the slot `turn`: what the conversation was before, what was chosen, which actions are still to run, and
what the conversation is afterwards. Rasa gives an action nothing else to go by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.conversation.state import ConversationState
from bot.dialogue.choice import NextStep, StepKind

SLOT = "turn"
LISTEN = "action_listen"


_NOTHING = NextStep(StepKind.FALLBACK, (), 0.0)
"""What is chosen before there is a message."""


@dataclass(frozen=True)
class PlannedAction:
    """One action to run, and the topic that it is about, if it is about one."""

    action: str
    topic: str | None = None


@dataclass(frozen=True)
class Turn:
    """What is done about one message."""

    before: ConversationState
    after: ConversationState
    step: NextStep = _NOTHING
    moves: tuple[PlannedAction, ...] = ()
    """The actions that are still to run, in order."""
    otherwise: "Turn | None" = None
    """What is done instead, where the first action finds that the record has nothing for it."""

    @property
    def topic(self) -> str:
        """The topic of the action at hand."""
        return (self.moves[0].topic if self.moves else None) or ""

    @property
    def next_action(self) -> str:
        """The name of the next action; Rasa listens after the last one."""
        return self.moves[0].action if self.moves else LISTEN

    def advanced(self) -> "Turn":
        """Return the turn once the action at hand has run."""
        return replace(self, moves=self.moves[1:], otherwise=None)

    def to_json(self) -> dict[str, Any]:
        """Return it as the slot holds it."""
        return {
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "step": {**vars(self.step), "kind": self.step.kind.value},
            "moves": [[move.action, move.topic] for move in self.moves],
            "otherwise": self.otherwise.to_json() if self.otherwise else None,
        }

    @classmethod
    def from_json(cls, given: "Turn | Mapping[str, Any] | None") -> "Turn":
        """Read what :meth:`to_json` gave; a turn of a new conversation where there is nothing.

        Within this process a turn is handed on as it is.
        """
        if isinstance(given, Turn):
            return given
        if not given:
            return cls(ConversationState(), ConversationState())
        before, after = (ConversationState.from_json(given[name]) for name in ("before", "after"))
        moves = tuple(PlannedAction(action, topic) for action, topic in given["moves"])
        otherwise = cls.from_json(given["otherwise"]) if given["otherwise"] else None
        return cls(before, after, _step(given["step"]), moves, otherwise)


def _step(given: Mapping[str, Any]) -> NextStep:
    return NextStep(**{**given, "kind": StepKind(given["kind"]), "topics": tuple(given["topics"])})
