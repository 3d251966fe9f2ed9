"""What an own answer is asked with, and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.conversation.state import PersonalContext
from bot.messages import ReplyFormat
from bot.records.participants.participant_record import LOCAL, Enrolment, ParticipantRecord
from bot.replies import when as words
from bot.text.dates import When

if TYPE_CHECKING:
    from actions.personal.dated import Date


@dataclass(frozen=True)
class PersonalQuery:
    """One question about the own record, and what the turn before left."""

    record: ParticipantRecord
    now: datetime
    when: When = field(default_factory=When)
    text: str = ""
    """As it was written."""
    shown: PersonalContext = field(default_factory=PersonalContext)
    """What the answer before kept in :attr:`ResponsePlan.keep`."""
    after_that: bool = False
    more: bool = False
    last_held: bool = False
    """Whether it asks for the last session that was, not the next one."""
    reply_format: ReplyFormat = ReplyFormat.SCREEN
    caught_up_counts: bool = True

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(LOCAL).date()

    @property
    def enrolments(self) -> list[Enrolment]:
        """The enrolments that the answer is about."""
        return self.record.current_enrolments(self.now)


@dataclass(frozen=True)
class Phrase:
    """A response's name and what is put in for its placeholders."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    own_line: bool = False


@dataclass(frozen=True)
class ResponsePlan:
    """An answer: its sentences, what can be tapped, and what the next turn may need."""

    sentences: Sequence[Phrase]
    options: tuple[str, ...] = ()
    calendar: tuple["Date", ...] = ()
    """The dates of a calendar file that goes with it: all that are to come."""
    keep: PersonalContext = field(default_factory=PersonalContext)
    """What the next message may refer to."""
    asks: bool = False
    """Whether it ends with a question that takes yes or no about telling staff: two buttons answer it."""


def phrase(name: str, **values: object) -> Phrase:
    """Return a sentence."""
    return Phrase(name, {key: str(value) for key, value in values.items()})


def event_phrase(name: str, thing: Any, now: datetime, **values: object) -> Phrase:
    """Return a sentence about something with a start, an end and a venue."""
    return phrase(
        name,
        day=words.day(thing.starts_at, now),
        times=words.times(thing.starts_at, thing.ends_at),
        venue=thing.venue or "venue_unknown",
        **values,
    )
