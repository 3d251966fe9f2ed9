"""Slows down whoever guesses: so many failed tries from one address, and from all, in so many minutes.

In memory: a restart forgets them. What is guessed has locks of its own in the record, or is worth little by itself.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

_ADDRESSES = 10_000
"""How many addresses are remembered; the oldest are forgotten first."""


class Attempts:
    """Failed tries, of one process."""

    def __init__(self, each: int = 20, together: int | None = None, window: timedelta = timedelta(minutes=10)) -> None:
        """Allow ``each`` address so many failed tries in a ``window``, and all ``together`` so many; None for any."""
        self._each, self._together, self._window = each, together, window
        self._failed: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._all: deque[datetime] = deque(maxlen=together)

    def may_try(self, address: str, now: datetime) -> bool:
        """Tell whether a try from ``address`` is looked at."""
        if self._together is not None and self._recent(self._all, now) >= self._together:
            return False
        return self._recent(self._failed.get(address, deque()), now) < self._each

    def failed(self, address: str, now: datetime) -> None:
        """Note a try that failed."""
        if self._together is not None:
            self._all.append(now)
        self._failed.setdefault(address, deque(maxlen=self._each)).append(now)
        self._failed.move_to_end(address)
        while len(self._failed) > _ADDRESSES:
            self._failed.popitem(last=False)

    def _recent(self, failed: deque[datetime], now: datetime) -> int:
        while failed and failed[0] <= now - self._window:
            failed.popleft()
        return len(failed)
