"""How fast messages may go: so many a second in all, and to one chat no more than one."""

import asyncio
from collections import OrderedDict


class RateLimit:
    """Tells whoever sends how long to wait. For one event loop."""

    def __init__(self, overall: float = 1 / 30, each: float = 1.0) -> None:
        """Keep ``overall`` seconds between any two messages and ``each`` between two to one address."""
        self._overall = overall
        self._each = each
        self._next = 0.0
        self._next_to: OrderedDict[str, float] = OrderedDict()

    async def turn(self, address: str) -> None:
        """Wait until a message to ``address`` may go."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        at = max(now, self._next, self._next_to.get(address, 0.0))
        self._next = max(now, self._next) + self._overall
        self._hold(address, at + self._each)
        await asyncio.sleep(at - now)

    def hold(self, address: str, seconds: float) -> None:
        """Let nothing go to ``address`` for ``seconds``."""
        self._hold(address, asyncio.get_running_loop().time() + seconds)

    def _hold(self, address: str, until: float) -> None:
        self._next_to[address] = max(until, self._next_to.get(address, 0.0))
        self._next_to.move_to_end(address)

    def _forget(self, now: float) -> None:
        while self._next_to and next(iter(self._next_to.values())) <= now:
            self._next_to.popitem(last=False)
