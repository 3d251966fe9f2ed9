"""How days are named in English: forms of words, each with what it means, applied step by step.

A form is matched on the tokens of :mod:`bot.text.day_tokens`, and an item with what it means takes its place. Within a
step the first form that fits anywhere is applied, until none does: then the next step begins.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.text import days as count
from bot.text.day_tokens import Item, Token
from bot.text.days import Days, one
from bot.text.tense import looks_back

Piece = Item | Days | date | str
"""An item, what it is made from, or a word that stays for a later form."""
Meaning = Callable[["TokenLine", Sequence[str]], Sequence[Piece] | Days | date | Item | None]
"""From what a form's groups matched, in order, to what it says; None where it says nothing."""
_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}
_MOST = 60
"""So many forms of a step are applied to one message at most."""
_KINDS = {
    "W": r"(W\d+)",
    "WW": r"(WW\d+)",
    "WX": r"(WW?\d+)",
    "D": r"(D\d+)",
    "P": r"(P\d+)",
    "A": r"([WDP]\d+)",
    "N": r"(N\d+|a|an)",
    "O": r"([OS]\d+)",
    "M": r"(M\d+)",
    "Y": r"(?: (Y\d+))?",
    "unit": "(day|week|fortnight|month)",
}


@dataclass(frozen=True)
class DayForm:
    """One way of naming days, and what it means."""

    pattern: re.Pattern[str]
    means: Meaning


def form(pattern: str, means: Meaning) -> DayForm:
    """Return a form; a kind of token in angle brackets, as <W>, stands for any such token, any of them for <A>."""
    written = re.sub(r"<(\w+)>", lambda match: _KINDS[match[1]], pattern)
    return DayForm(re.compile(rf"(?<!\S)(?:{written})(?!\S)"), means)


class TokenLine:
    """The tokens of one message, and the items that stand for what was read already."""

    def __init__(self, tokens: Sequence[Token], today: date) -> None:
        """Number the items that the tokens bring with them."""
        self.today = today
        self.unsure = False
        """Whether something was read that could as well mean another day."""
        self.words = " ".join(token.written for token in tokens)
        self._items: list[Item] = []
        self.tokens = [self._put(t.item, t.place, t.form, t.written) if t.item else t for t in tokens]

    def __str__(self) -> str:
        return " ".join(token.form for token in self.tokens)

    def read(self, steps: Sequence[Sequence[DayForm]]) -> None:
        """Apply the forms of each step."""
        for step in steps:
            for _ in range(_MOST):
                if not any(self._apply(each) for each in step):
                    break

    def raw(self, name: str) -> Item:
        """Return the item that a token like W3 stands for; a weekday alone has no day yet."""
        return self._items[int(name.lstrip("WDPX"))]

    def item(self, name: str) -> Item:
        """Return the same; a weekday alone is the coming one, or the last one where the words look back."""
        found = self.raw(name)
        if found.weekday is None:
            return found
        day = one(self.coming(found))
        return replace(found, days=day, anchor=day, weekday=None)

    def weekday(self, name: str) -> int:
        """Return which weekday such a token is."""
        return self.raw(name).days.weekday or 0

    def coming(self, item: Item) -> date:
        """Return the day that a weekday alone means."""
        weekday = item.weekday or 0
        back = count.before(self.today, weekday)
        return back if item.looks_back else count.on_or_after(self.today, weekday)

    def looks_back(self) -> bool:
        """Tell whether the message as a whole speaks of what is past."""
        return looks_back(self.words, len(self.words))

    def named(self, kinds: str) -> list[tuple[int, Item]]:
        """Return the items of such kinds that are left, with where they were written."""
        wanted = [token for token in self.tokens if re.fullmatch(rf"[{kinds}]+\d+", token.form)]
        return [(token.place, self.item(token.form)) for token in wanted]

    def rest(self) -> str:
        """Return the words that say nothing about when, as they were written."""
        return " ".join(t.written for t in self.tokens if t.written and not re.fullmatch(r"[WDPX]+\d+", t.form))

    def _put(self, item: Item, place: int, kind: str, written: str = "") -> Token:
        self._items.append(item)
        return Token(f"{kind}{len(self._items) - 1}", written, place)

    def _apply(self, each: DayForm) -> bool:
        text = str(self)
        for match in each.pattern.finditer(text):
            means = each.means(self, [group for group in match.groups() if group])
            if means is None:
                continue
            start = text.count(" ", 0, match.start())
            end = start + match.group().count(" ") + 1
            pieces = means if isinstance(means, Sequence) else [means]
            self.tokens[start:end] = [self._token(piece, self.tokens[start].place) for piece in pieces]
            return True
        return False

    def _token(self, piece: Piece, place: int) -> Token:
        if isinstance(piece, str):
            return Token(piece, piece if piece.islower() else "", place)
        if isinstance(piece, date):
            piece = one(piece)
        item = piece if isinstance(piece, Item) else Item(piece, piece)
        if item.left_out:
            return self._put(item, place, "X")
        return self._put(item, place, "D" if item.days.first == item.days.last else "P")


def number(token: str) -> int:
    """Return what N2, O2, S2, M2 or Y2 says; "a" is one, "last" the first from the end, "to" a 2 that was misread."""
    words = {"last": -1, "to": 2}
    return words.get(token) or int(re.sub(r"\D", "", token) or 1)


def amount(groups: Sequence[str]) -> int:
    """Return how many days "2 weeks", "a week" or "fortnight" are; the unit is the last group."""
    unit = groups[-1]
    return (number(groups[0]) if len(groups) > 1 else 1) * _UNITS[unit]


def moved(item: Item, days: int) -> Item:
    """Return ``item`` so many days later, as a day of its own."""
    later = count.later(item.days, days)
    return Item(later, later)
