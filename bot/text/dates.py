"""What a message says about when: days, stretches of days, numbers of sessions. No clock in here."""

import re
from dataclasses import dataclass
from datetime import date

from bot.text import day_tokens
from bot.text.day_forms import STEPS
from bot.text.day_grammar import TokenLine
from bot.text.day_tokens import Item
from bot.text.days import Days
from bot.text.tense import comes, looks_back, stays_away, wholly_past

__all__ = ["Days", "When", "when"]

_SESSION = re.compile(
    r"\b(?:sessions?|number)(?: (?:number|no))?"
    r"(?P<numbers>(?:(?: ?,| and| or| &| to)? ?(?:[1-9]|[12]\d|3[0-5])\b(?![./:-]?\d|st\b|nd\b|rd\b|th\b))+)"
    r"|\b(?P<one>[1-9]|[12]\d|3[0-5])(?:st|nd|rd|th) session\b"
)
_ONE_MORE = re.compile(
    r"(?<!\S)(?:the )?(?:(?P<after>week after(?: that)?|following week|week later|a week on)"
    r"|(?P<two>fortnight (?:after|later))|(?P<before>week before(?: that)?))"
    r"(?= [.,!?]|$| (?:please|then|now|instead|sorry|mate|i|not))"
)
_DOUBTFUL = re.compile(
    r"\b(?:after|before|week|fortnight|following|alternate|other|not this|not next)"
    r"(?: (?:the|of|on|next|this|in|from|a|N\d+))* [WD]\d+(?!\S)"
    r"|(?<!\S)[WDP]\d+(?: (?:the|a|and|or|,|in|on|N\d+))* (?:before|after)(?= [.,!?]|$| (?:next|that|this|then|last)\b)"
    r"|(?<!\S)[WDP]\d+(?: (?:the|a|and|or|,|in|on|N\d+))* (?:but N1|week|fortnight|following)(?!\S)"
)


@dataclass(frozen=True)
class When:
    """What a message says about when."""

    named: tuple[Days, ...] = ()
    """Every day and stretch of days that is meant, in the order in which they were written."""
    excluded: tuple[Days, ...] = ()
    """Those that are said not to be meant: "not Tuesday", "but I can make the 8th"."""
    sessions: tuple[int, ...] = ()
    """The numbers of sessions."""
    past: bool = False
    """Whether it speaks of what is past: "I missed Tuesday"."""
    unsure: bool = False
    """Whether a word that counts days ("after", "fortnight") was not understood: better to ask than to be wrong."""
    weeks_later: int = 0
    """So many weeks after what was named in an earlier message: "it is the week after"."""
    rest: str = ""
    """The words that say nothing about when."""

    @property
    def days(self) -> Days | None:
        """The first of the days that are named."""
        return self.named[0] if self.named else None

    @property
    def session(self) -> int | None:
        """The first of the numbers of sessions."""
        return self.sessions[0] if self.sessions else None

    def __contains__(self, day: date) -> bool:
        return any(day in days for days in self.named) and not any(day in days for days in self.excluded)

    def __bool__(self) -> bool:
        return bool(self.named or self.excluded or self.sessions or self.weeks_later)


def when(text: str, today: date) -> When:
    """Return what ``text``, which is normalised, says about when, seen from ``today``."""
    without_sessions = _SESSION.sub(lambda match: "session" + " " * (len(match.group()) - 7), text)
    line = TokenLine(day_tokens.tokens(without_sessions, today), today)
    line.read(STEPS)
    named, left_out = _sorted_out(text, line)
    sessions = tuple(int(number) for match in _SESSION.finditer(text) for number in re.findall(r"\d+", match.group()))
    forms, rest = str(line), line.rest()
    return When(
        tuple(item.days for _, item in named),
        tuple(item.days for _, item in left_out if item.days not in [other.days for _, other in named]),
        sessions,
        looks_back(text, named[0][0]) if named else wholly_past(text),
        line.unsure or bool(_DOUBTFUL.search(forms)),
        _weeks_later(forms),
        _ONE_MORE.sub(" ", rest).strip(),
    )


def _sorted_out(text: str, line: TokenLine) -> tuple[list[tuple[int, Item]], list[tuple[int, Item]]]:
    """Return the days that are meant and those left out: "I can come on Tuesday but not on the 8th" is the 8th."""
    named, left_out = line.named("WDP"), line.named("X")
    coming = [pair for pair in named if comes(text, pair[0])]
    if left_out and named and len(coming) == len(named):
        return left_out, named
    if not stays_away(text) or len(coming) == len(named):
        return named, left_out
    return [pair for pair in named if pair not in coming], [*left_out, *coming]


def _weeks_later(forms: str) -> int:
    match = _ONE_MORE.search(forms)
    if not match:
        return 0
    return 1 if match["after"] else 2 if match["two"] else -1
