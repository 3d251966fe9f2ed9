"""The line in which the writers of one process wait for SQLite's only place."""

import threading
from collections import deque

from bot.database.errors import DatabaseError


class FairLock:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self, seconds: float) -> None:
        """Start with nobody waiting; who has waited for ``seconds`` gives up."""
        self._seconds = seconds
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        """Wait for the turn."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if not turn.wait(self._seconds):
            self._give_up(turn)

    def __exit__(self, *error: object) -> None:
        """Hand it to the next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _give_up(self, turn: threading.Event) -> None:
        with self._guard:
            if turn.is_set():  # it came in the last moment
                return
            self._waiting.remove(turn)
        raise DatabaseError(f"the database cannot be used just now (busy for {self._seconds} s)")
