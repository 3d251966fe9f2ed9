"""Slows down whoever guesses from one address: so many tries in so many minutes, in the memory of one process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

_ADDRESSES = 10_000
"""How many addresses are remembered; the oldest are forgotten first."""


class Attempts:
    """Failed tries by address."""

    def __init__(self, most: int = 20, window: timedelta = timedelta(minutes=10)) -> None:
        """Allow ``most`` failed tries in each ``window``: an office may have one address for everybody in it."""
        self._most, self._window = most, window
        self._failed: OrderedDict[str, deque[datetime]] = OrderedDict()

    def may_try(self, address: str, now: datetime) -> bool:
        """Tell whether a try from ``address`` is looked at."""
        failed = self._failed.get(address, deque())
        while failed and failed[0] <= now - self._window:
            failed.popleft()
        return len(failed) < self._most

    def failed(self, address: str, now: datetime) -> None:
        """Note a try that failed."""
        self._failed.setdefault(address, deque(maxlen=self._most)).append(now)
        self._failed.move_to_end(address)
        while len(self._failed) > _ADDRESSES:
            self._failed.popitem(last=False)
