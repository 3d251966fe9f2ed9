"""A question about one's own record: a typed value that neither depends on the words nor on the record."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.text.days import Days


class Subject(StrEnum):
    """What the question is about."""

    SESSION = "session"
    """The sessions of the person's group."""
    CATCH_UP = "catch_up"
    APPOINTMENT = "appointment"
    ABSENCE_REPORT = "absence_report"
    """What the person has told staff about not coming."""
    ATTENDANCE = "attendance"
    """What is recorded about sessions that are over, and the counts made from it."""
    DATE = "date"
    """Anything with a date: sessions, catch-ups and appointments."""


class Aspect(StrEnum):
    """What is asked about the subject."""

    WHEN = "when"
    """The day, with time and place."""
    STARTS = "starts"
    ENDS = "ends"
    WHERE = "where"
    HOW_LONG = "how_long"
    WHICH = "which"
    """Numbers and dates of what was counted."""
    HOW_MANY = "how_many"
    WHETHER = "whether"
    """Yes or no: "is there one", "is it the same room", "did I miss the 12th"."""
    FOLLOWS = "follows"
    """What a count or a miss means for the person: "is that too many", "am I off it"."""
    DISPUTE = "dispute"
    """The person says that the record is wrong: "I was there on the 12th"."""


class Measure(StrEnum):
    """Which sessions or which figure of the attendance."""

    ATTENDED = "attended"
    MISSED = "missed"
    LEFT = "left"
    """Sessions still to come."""
    MAY_MISS = "may_miss"
    """How many more can be missed."""
    CAUGHT_UP = "caught_up"
    OWED = "owed"
    """Missed, and not caught up."""
    TO_CONFIRM = "to_confirm"
    """Over, and nothing recorded yet."""
    HELD = "held"
    """Over, whatever is recorded."""


class Tense(StrEnum):
    """Whether the question looks back or ahead."""

    PAST = "past"
    FUTURE = "future"


class DayPart(StrEnum):
    """A part of a day, of two sessions on one day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Step(StrEnum):
    """Which one is meant, seen from those that the last answer named."""

    SAME = "same"
    """"That one", "it"."""
    NEXT = "next"
    """"And the one after"."""
    PREVIOUS = "previous"
    BOTH = "both"
    """All that the last answer named: "both", "either of them"."""


@dataclass(frozen=True)
class Scope:
    """Which of the sessions or dates are meant; what is not set was not said."""

    days: tuple[Days, ...] = ()
    """The days and stretches of days that are named, each on its own: what lies in any of them."""
    excluded: tuple[Days, ...] = ()
    """Those that are said not to be meant."""
    numbers: tuple[int, ...] = ()
    """The numbers of sessions."""
    ordinal: int | None = None
    """The place among those meant: 1 is the first, 2 the second, -1 the last."""
    day_part: DayPart | None = None
    step: Step | None = None
    weeks_later: int = 0
    """So many weeks after what the last answer named: "the week after that"."""
    unsure: bool = False
    """Whether the words may mean other days as well: the dates they may mean are listed, none is taken silently."""

    def __bool__(self) -> bool:
        return self != Scope()


@dataclass(frozen=True)
class RecordQuery:
    """One question about the record. A field that is None was not said."""

    subject: Subject | None = None
    aspect: Aspect | None = None
    measure: Measure | None = None
    scope: Scope = field(default_factory=Scope)
    tense: Tense | None = None
    negated: bool = False
    """Whether it asks for those that are not: "which have I not done"."""

    def __bool__(self) -> bool:
        return self != RecordQuery()

    def continuing(self, last: "RecordQuery") -> "RecordQuery":
        """Return the question of a follow-up: what it leaves out is taken from ``last``, what it says replaces that.

        A subject of its own drops the measure of the last question; a scope of its own replaces the last scope as a
        whole. A place, a part of a day or a step without days chooses among what the last scope named, so the last
        scope's days are kept for it.
        """
        changes_subject = self.subject not in (None, last.subject)
        measure = self.measure if self.measure or changes_subject else last.measure
        return replace(
            self,
            subject=self.subject or last.subject,
            aspect=self.aspect or last.aspect,
            measure=measure,
            scope=_continued(self.scope, last.scope),
            tense=self.tense or (None if changes_subject else last.tense),
        )


def _continued(scope: Scope, last: Scope) -> Scope:
    if not scope:
        return last
    if scope.days or scope.numbers or scope.step or scope.weeks_later:
        return scope
    return replace(scope, days=last.days, numbers=last.numbers, excluded=scope.excluded or last.excluded)
