"""How long anybody waits for a database that does not answer."""

import threading
import time

AGAIN_SECONDS = 5.0
"""For so long after a wait in vain the others wait only briefly; then somebody tries with full patience again."""


class Patience:
    """Shared by everything that reads one database: while it hangs, people do not all wait for it in full."""

    def __init__(self, seconds: float = 10.0, brief: float = 0.25) -> None:
        """Wait ``seconds`` for a database that has answered so far, and ``brief`` for one that has just not."""
        self._full, self._brief = seconds, brief
        self._guard = threading.Lock()
        self._brief_until = 0.0

    def seconds(self) -> float:
        """Return how long to wait now."""
        with self._guard:
            return self._brief if time.monotonic() < self._brief_until else self._full

    def answered(self) -> None:
        """Note that the database did what was asked."""
        with self._guard:
            self._brief_until = 0.0

    def missed(self) -> None:
        """Note that somebody gave up waiting. Only the first one begins the brief waits: it has to end some time."""
        with self._guard:
            now = time.monotonic()
            if now >= self._brief_until:
                self._brief_until = now + AGAIN_SECONDS
