"""The threads that work on the inbox: one as a rule, and one more for as long as all the others are held up.

A thread that hangs in an answer cannot be interrupted, but nobody needs to wait for it: another one takes its place,
and the message itself is anybody's again when its lease ends.
"""

import asyncio
import logging
import threading
import time

from bot.messaging.worker import HANG_SECONDS, Worker

logger = logging.getLogger(__name__)

MOST = 32
"""Threads at most, those that hang included: that many messages would have to hang at the same time."""
SPARE = 2
"""Threads that stay when nothing is held up any more."""
RELIEF_SECONDS = 0.5
"""After so long with one message a thread counts as held up."""
_IDLE_SECONDS = 1.0
"""How often an idle thread looks for what another process stored, and for what is to be tried again."""
_LOOK_SECONDS = 0.1


class _Hand:
    """One thread."""

    def __init__(self) -> None:
        self.since: float | None = None
        """When it took the message that it has in hand; None between two."""
        self.thread: threading.Thread | None = None

    def begins(self) -> None:
        self.since = time.monotonic()

    def is_held_up(self, seconds: float) -> bool:
        since = self.since
        return since is not None and time.monotonic() > since + seconds


class WorkerPool:
    """Works on the inbox from :meth:`start` to :meth:`stop`."""

    def __init__(self, worker: Worker, relief_seconds: float = RELIEF_SECONDS) -> None:
        """Have ``worker`` called in several threads; the next one begins after ``relief_seconds``."""
        self._worker = worker
        self._relief = relief_seconds
        self._news = threading.Condition()
        self._count = 0
        """Of the times that something was stored."""
        self._hands: set[_Hand] = set()
        self._stopped = threading.Event()
        self._watch = threading.Thread(target=self._watched, name="mailbox-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._add()
        self._watch.start()

    def wake(self) -> None:
        """Say, from any thread, that something was stored."""
        with self._news:
            self._count += 1
            self._news.notify()

    def stop(self) -> None:
        """Finish the messages in hand, and end; what hangs is left behind, and its message to whoever runs next."""
        self._stopped.set()
        with self._news:
            self._news.notify_all()
        until = time.monotonic() + HANG_SECONDS + 5
        for hand in list(self._hands):
            if hand.thread:
                hand.thread.join(max(0.0, until - time.monotonic()))

    def _add(self) -> None:
        hand = _Hand()
        hand.thread = threading.Thread(target=self._run, args=(hand,), name="mailbox", daemon=True)
        self._hands.add(hand)
        hand.thread.start()

    def _watched(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            hands = list(self._hands)
            if len(hands) < MOST and all(hand.is_held_up(self._relief) for hand in hands):
                if len(hands) >= SPARE:
                    logger.warning("%d messages are taking long: another thread takes over", len(hands))
                self._add()

    def _run(self, hand: _Hand) -> None:
        asyncio.run(self._work(hand))

    async def _work(self, hand: _Hand) -> None:
        while not self._stopped.is_set():
            seen = self._count
            try:
                busy = await self._worker.handle_one(hand.begins)
            except Exception:
                logger.exception("the inbox could not be worked on")
                busy = False
            hand.since = None
            if not busy and self._leaves(hand):
                return
            if not busy:
                self._idle(seen)

    def _leaves(self, hand: _Hand) -> bool:
        """End a thread that there is no need of any more."""
        with self._news:
            if sum(not other.is_held_up(self._relief) for other in self._hands) <= SPARE:
                return False
            self._hands.discard(hand)
            return True

    def _idle(self, seen: int) -> None:
        with self._news:
            self._news.wait_for(lambda: self._count != seen or self._stopped.is_set(), _IDLE_SECONDS)
