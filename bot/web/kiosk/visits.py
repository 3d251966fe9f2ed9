"""Visits to the kiosk: one begins with a cookie, and ends by itself once nobody has touched the screen for a while.

The times are kept in memory, for a bounded number of visits. What a visit may see is in the record and ends there too:
a restart forgets the times, and opens nothing.
"""

from datetime import datetime, timedelta

from cachetools import LRUCache

from bot.messages import Address, AddressKind

IDLE = timedelta(minutes=2)
"""After so long without a touch a visit is over."""
_MOST = 10_000


def address_of(token: str) -> Address:
    """Return the address of the visit with ``token``."""
    return Address(AddressKind.KIOSK, token)


class Visits:
    """The visits of one process."""

    def __init__(self) -> None:
        """Start with none."""
        self._seen: LRUCache[str, datetime] = LRUCache(_MOST)

    def touch(self, token: str, now: datetime) -> bool:
        """Note a touch; return whether the visit still goes on."""
        before = self._seen.get(token)
        if before is not None and now - before > IDLE:
            del self._seen[token]
            return False
        self._seen[token] = now
        return True

    def end(self, token: str) -> None:
        """Forget a visit."""
        self._seen.pop(token, None)
