"""One message as the answers from a person's record see it: who writes, when, and which days it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from bot.conversation.absence_state import AbsenceState
from bot.conversation.state import ConversationState
from bot.database.unit_of_work import UnitOfWork
from bot.messages import ReplyFormat
from bot.records.enums import Access
from bot.replies.when import LOCAL
from bot.text.dates import When, when
from bot.text.normalise import normalise
from bot.understanding.context import NORMALISED


@dataclass(frozen=True)
class PersonalMessage:
    """One message, who writes it, and the conversation before it."""

    access: Access
    participant_id: int | None
    now: datetime
    raw: str
    text: str
    """Normalised."""
    before: ConversationState
    reply_format: ReplyFormat
    unit: UnitOfWork | None = None
    """What the record is read and written in; None where there is no record."""

    @cached_property
    def when(self) -> When:
        """The days and the numbers of sessions that the message names; found only where something asks for them."""
        return _when(self.text, self.now.astimezone(LOCAL).date())

    @property
    def dated(self) -> bool:
        """Whether the message names days or the number of a session."""
        return bool(self.when)

    @property
    def is_known(self) -> bool:
        """Whether the conversation is linked to a participant who has chosen a PIN, unlocked or not."""
        return self.access in (Access.UNLOCKED, Access.LOCKED)

    @property
    def is_unlocked(self) -> bool:
        """Whether the record may be shown."""
        return self.access is Access.UNLOCKED

    @property
    def absence(self) -> AbsenceState | None:
        """The report of an absence that was begun before the message."""
        return self.before.personal.absence

    @classmethod
    def of(cls, message: Mapping[str, Any], before: ConversationState, channel: str) -> "PersonalMessage":
        """Read a message of Rasa's; who speaks stands in its metadata, which only this service writes."""
        given = message.get("metadata") or {}
        now = datetime.fromisoformat(given["now"]) if "now" in given else datetime.now(LOCAL)
        raw = message.get("text") or ""
        text = given.get(NORMALISED) or normalise(raw)
        reply_format = ReplyFormat(channel) if channel in list(ReplyFormat) else ReplyFormat.SCREEN
        access = Access(given.get("access", Access.UNKNOWN))
        return cls(access, given.get("participant"), now, raw, text, before, reply_format)


@lru_cache(maxsize=16)
def _when(text: str, today: date) -> When:
    """Read the days once for the policy and the action of the same message: that costs more than a prediction."""
    return when(text, today)
