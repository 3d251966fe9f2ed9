"""Long lists in pages: the part that is shown, and what GOV.UK's pagination is called with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
SIZE = 50
_DIGITS = 6
"""No list has a million pages."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    number: int
    pages: int
    total: int

    def links(self, address: str) -> dict[str, Any]:
        """Return the parameters; ``address`` ends where the number goes."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        items: list[dict[str, Any]] = []
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            if items and number - int(items[-1]["number"]) > 1:
                items.append({"ellipsis": True, "number": number - 1})
            items.append({"number": number, "href": f"{address}{number}", "current": number == self.number})
        links: dict[str, Any] = {"items": items}
        if self.number > 1:
            links["previous"] = {"href": f"{address}{self.number - 1}"}
        if self.number < self.pages:
            links["next"] = {"href": f"{address}{self.number + 1}"}
        return links


def page_number(wanted: str) -> int:
    """Return the number that an address or a form asks for; 1 where that is none."""
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _DIGITS else 1


def page_of(items: Sequence[T], number: int, total: int, size: int = SIZE) -> Page[T]:
    """Return a page that the database has cut out of ``total`` rows: ``items`` are the rows of page ``number``."""
    pages = max(1, -(-total // size))
    return Page(items, min(number, pages), pages, total)


def paged(items: Sequence[T], wanted: str, size: int = SIZE) -> Page[T]:
    """Return the page of a whole list that an address asks for: the first where there is no such page."""
    number, pages = page_number(wanted), max(1, -(-len(items) // size))
    number = number if number <= pages else 1
    return page_of(items[(number - 1) * size : number * size], number, len(items), size)
