"""What the record says to a question: plain values, in no words and no form of a channel."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.records.attendance.attendance_rule import Count
from bot.records.participants.membership import local_day
from bot.records.query.record_query import RecordQuery
from bot.text.days import Days


class ItemKind(StrEnum):
    """What something with a date is."""

    SESSION = "session"
    CATCH_UP = "catch_up"
    APPOINTMENT = "appointment"


class ItemState(StrEnum):
    """What it is at the moment of the question."""

    TO_COME = "to_come"
    ON_NOW = "on_now"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    MISSED = "missed"
    CAUGHT_UP = "caught_up"
    """A session that was missed, and caught up since."""
    UNCONFIRMED = "unconfirmed"
    """Over, and nothing recorded."""
    OVER = "over"
    """An appointment that is over: the record does not say whether somebody came."""


@dataclass(frozen=True)
class RecordItem:
    """A session, catch-up or appointment of the person's."""

    kind: ItemKind
    key: str
    """What it is in the record, the same as in a calendar file: "session 17", "catch-up 17", "appointment review"."""
    starts_at: datetime
    ends_at: datetime
    venue: str
    state: ItemState
    number: int | None = None
    """The number of the session, also of the one that a catch-up is for."""
    what: str = ""
    """The kind of an appointment."""
    group: str = ""
    reported: bool = False
    """Whether the person has told staff that they can't come."""

    @property
    def day(self) -> date:
        """The local date."""
        return local_day(self.starts_at)


@dataclass(frozen=True)
class GroupFacts:
    """What is said about one group of the person's."""

    group: str
    enrolment_id: int
    items: tuple[RecordItem, ...] = ()
    """What was asked for, in order of time."""
    count: Count | None = None
    """The counts, where the question is about a figure."""
    block: str | None = None
    """The block that is counted, where only one is."""
    counted_misses: int = 0
    """The misses that count by the rule."""


@dataclass(frozen=True)
class Facts:
    """The answer to one question, as far as the record goes."""

    query: RecordQuery
    """The question with all that was left out filled in: the next one goes on from it."""
    groups: tuple[GroupFacts, ...] = ()
    items: tuple[RecordItem, ...] = ()
    """Everything named, of all groups and of appointments, in order of time: "that one" and "both" mean these."""
    nothing_on: tuple[Days, ...] = ()
    """The days and stretches that were asked for, and in which nothing lies."""
    unknown_numbers: tuple[int, ...] = ()
    """Numbers of sessions that the record does not have."""
    candidates: tuple[RecordItem, ...] = field(default=())
    """What unclear words may mean: these are listed, and none is taken silently."""
    more: int = 0
    """How many there are beside those in ``items``, where a list was cut."""
