"""Slows down whoever guesses: so many failed tries from one address in so many minutes, and no more.

There is no limit for all addresses together: it would let anybody shut everybody out. Many failures together make each
further try slower instead. In memory: a restart forgets them. What is guessed has locks of its own in the record, or is
worth little by itself.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

_ADDRESSES = 10_000
"""How many addresses are remembered; the oldest are forgotten first."""
_NOTICED = 30
"""So many failures of all addresses in a window slow nobody down."""
_SLOWER, _SLOWEST = timedelta(milliseconds=100), timedelta(seconds=3)


class RateLimiter:
    """Failed tries, of one process."""

    def __init__(self, each: int = 20, window: timedelta = timedelta(minutes=10)) -> None:
        """Allow ``each`` address so many failed tries in a ``window``."""
        self._each, self._window = each, window
        self._failed: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._all: deque[datetime] = deque(maxlen=_NOTICED + _SLOWEST // _SLOWER)

    def allow(self, address: str, now: datetime) -> bool:
        """Tell whether a try from ``address`` is looked at."""
        return not self.wait(address, now)

    def wait(self, address: str, now: datetime) -> timedelta:
        """Return how long no try from ``address`` is looked at."""
        failed = self._recent(self._failed.get(address, deque()), now)
        return failed[0] + self._window - now if len(failed) >= self._each else timedelta(0)

    def has_failed(self, address: str, now: datetime) -> bool:
        """Tell whether a try from ``address`` failed lately."""
        return bool(self._recent(self._failed.get(address, deque()), now))

    def pause(self, now: datetime) -> timedelta:
        """Return for how long a try is to be held up, by how many from anywhere failed lately."""
        return max(0, len(self._recent(self._all, now)) - _NOTICED) * _SLOWER

    def failed(self, address: str, now: datetime) -> None:
        """Note a try that failed."""
        self._all.append(now)
        self._failed.setdefault(address, deque(maxlen=self._each)).append(now)
        self._failed.move_to_end(address)
        while len(self._failed) > _ADDRESSES:
            self._failed.popitem(last=False)

    def _recent(self, failed: deque[datetime], now: datetime) -> deque[datetime]:
        while failed and failed[0] <= now - self._window:
            failed.popleft()
        return failed
