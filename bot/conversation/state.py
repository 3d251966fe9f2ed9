"""What a conversation is understood with: one typed value, kept between its messages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.absence_state import AbsenceState, Stage

CONTEXT_TTL = timedelta(days=1)
"""How long a message may refer to what was said before it."""
_CANCELLABLE = frozenset({Stage.WHICH, Stage.CONFIRM, Stage.WITHDRAW, Stage.NOTED})
"""The stages of a report of an absence in which there is something that a "cancel" would mean."""


@dataclass(frozen=True)
class PersonalContext:
    """What the last answer from the record showed, and the report of an absence that was begun."""

    session_start: datetime | None = None
    """When the session starts that was named last: "the one after that" counts from it."""
    listed: int = 0
    """How many dates of the schedule were shown: "more" goes on behind them."""
    absence: AbsenceState | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON has them."""
        given = {
            "session_start": _written(self.session_start),
            "listed": self.listed,
            "absence": self.absence.to_json() if self.absence else None,
        }
        return {name: value for name, value in given.items() if value}

    @classmethod
    def from_json(cls, given: Any) -> "PersonalContext":
        """Read what :meth:`to_json` gave, or what an earlier release kept; what cannot be read is left out."""
        if not isinstance(given, Mapping):
            return cls()
        start = given.get("session_start", given.get("starts_at"))
        return cls(_moment(start), int(given.get("listed", 0)), AbsenceState.of(given.get("absence")))


@dataclass(frozen=True)
class ConversationState:
    """What the next message of a conversation is understood with. A new conversation has nothing of it."""

    topics: tuple[str, ...] = ()
    """The topics that the last message was answered with."""
    context_topics: tuple[str, ...] = ()
    """The topics that the next message may refer to; thanks in between leave them as they were."""
    suggestions: tuple[str, ...] = ()
    """The topics offered after the last message, in the order shown."""
    is_offer: bool = False
    """Whether the suggestion is an offer beside an answer, which can be declined; else it asks what was meant."""
    misunderstood: int = 0
    """How many messages in a row were not understood."""
    repeated: bool = False
    """Whether the last answer was one that was asked for again."""
    answered_at: datetime | None = None
    personal: PersonalContext = field(default_factory=PersonalContext)
    insult_notice_at: datetime | None = None
    """When an insult was answered with the sentence about insults last."""
    stop_asked_at: datetime | None = None
    """When the person was asked whether messages are to stop, while that waits for its answer."""

    @property
    def in_exchange(self) -> bool:
        """Whether something was begun that a "cancel" would mean."""
        absence = self.personal.absence
        return bool(self.suggestions) or (absence is not None and absence.stage in _CANCELLABLE)

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether the last thing said was a question that takes yes or no."""
        absence = self.personal.absence
        return len(self.suggestions) == 1 or bool(absence and absence.asks) or self.stop_asked_at is not None

    def ended(self) -> "ConversationState":
        """Return the state without what was begun or offered; the next message may still refer to the last answer."""
        return replace(self, personal=PersonalContext(), suggestions=(), is_offer=False)

    def answered_with(self, topic: str, now: datetime) -> "ConversationState":
        """Return the state after an answer about ``topic`` that the dialogue did not give."""
        return replace(
            self.ended(), topics=(topic,), context_topics=(topic,), misunderstood=0, repeated=False, answered_at=now
        )

    def at(self, now: datetime) -> "ConversationState":
        """Return what of the state still counts at ``now``: "ok" to a reminder does not refer to last week's answer."""
        if self.answered_at is None or now <= self.answered_at + CONTEXT_TTL:
            return self
        return ConversationState(insult_notice_at=self.insult_notice_at, stop_asked_at=self.stop_asked_at)

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are set, as JSON has them."""
        given = {
            "topics": list(self.topics),
            "context_topics": list(self.context_topics),
            "suggestions": list(self.suggestions),
            "is_offer": self.is_offer,
            "misunderstood": self.misunderstood,
            "repeated": self.repeated,
            "answered_at": _written(self.answered_at),
            "personal": self.personal.to_json(),
            "insult_notice_at": _written(self.insult_notice_at),
            "stop_asked_at": _written(self.stop_asked_at),
        }
        return {name: value for name, value in given.items() if value}

    @classmethod
    def from_json(cls, given: Any) -> "ConversationState":
        """Read what :meth:`to_json` gave, or the slots that an earlier release kept; new for anything else."""
        if not given or not isinstance(given, Mapping):
            return NEW
        if any(name in given for name in _EARLIER):
            return _from_slots(given)
        return cls(
            topics=tuple(given.get("topics", ())),
            context_topics=tuple(given.get("context_topics", ())),
            suggestions=tuple(given.get("suggestions", ())),
            is_offer=bool(given.get("is_offer")),
            misunderstood=int(given.get("misunderstood", 0)),
            repeated=bool(given.get("repeated")),
            answered_at=_moment(given.get("answered_at")),
            personal=PersonalContext.from_json(given.get("personal")),
            insult_notice_at=_moment(given.get("insult_notice_at")),
            stop_asked_at=_moment(given.get("stop_asked_at")),
        )

    def dump(self) -> str:
        """Return the state as the text that is stored."""
        return json.dumps(self.to_json(), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "ConversationState":
        """Read what :meth:`dump` gave, or an earlier release."""
        return cls.from_json(json.loads(text))


NEW = ConversationState()
"""The state of a conversation in which nothing was said."""
_EARLIER = frozenset({"last_turn", "boundary", "stop_asked"})
"""The slots in which releases before this one kept the state."""


def _from_slots(slots: Mapping[str, Any]) -> ConversationState:
    last: Mapping[str, Any] = slots.get("last_turn") or {}
    return ConversationState(
        topics=tuple(last.get("topics", ())),
        context_topics=tuple(last.get("leant_on", ())),
        suggestions=tuple(last.get("suggestions", ())),
        is_offer=bool(last.get("offers")),
        misunderstood=int(last.get("lost", 0)),
        repeated=bool(last.get("again")),
        answered_at=_moment(last.get("at")),
        personal=PersonalContext.from_json(last.get("own")),
        insult_notice_at=_moment(slots.get("boundary")),
        stop_asked_at=_moment(slots.get("stop_asked")),
    )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
