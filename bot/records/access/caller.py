"""Who writes a message, as far as that is known."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.records.enums import Access


@dataclass(frozen=True)
class Caller:
    """Whose conversation it is, and what it may see now."""

    access: Access
    participant_id: int | None = None
    linked_at: datetime | None = field(default=None, compare=False)


UNKNOWN = Caller(Access.UNKNOWN)
