"""How fast messages may be sent: so many a second in all, and to one chat no more than one."""

import asyncio
from collections import OrderedDict


class RateLimit:
    """Makes whoever sends wait for long enough; for one event loop."""

    def __init__(self, overall: float = 1 / 30, per_key: float = 1.0) -> None:
        """Keep ``overall`` seconds between any two messages and ``per_key`` between two to one address."""
        self._overall = overall
        self._per_key = per_key
        self._next = 0.0
        self._next_to: OrderedDict[str, float] = OrderedDict()

    async def acquire(self, address: str) -> None:
        """Wait until a message to ``address`` may go."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        at = max(now, self._next, self._next_to.get(address, 0.0))
        self._next = max(now, self._next) + self._overall
        self._pause(address, at + self._per_key)
        await asyncio.sleep(at - now)

    def pause(self, address: str, seconds: float) -> None:
        """Let nothing go to ``address`` for ``seconds``."""
        self._pause(address, asyncio.get_running_loop().time() + seconds)

    def _pause(self, address: str, until: float) -> None:
        self._next_to[address] = max(until, self._next_to.get(address, 0.0))
        self._next_to.move_to_end(address)

    def _forget(self, now: float) -> None:
        while self._next_to and next(iter(self._next_to.values())) <= now:
            self._next_to.popitem(last=False)
