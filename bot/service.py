"""What runs beside the pages: the worker on the inbox, the sender on the outbox, and what wakes them."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from bot.database.engine import Database, DatabaseError
from bot.database.group import GroupCommit
from bot.errors import NotSentError, RefusedError
from bot.escalation import Escalation
from bot.mailbox import alerts, inbox, outbox, signals
from bot.mailbox.crash import point
from bot.mailbox.duty import Duty
from bot.mailbox.parcels import parcels
from bot.mailbox.sender import Send, Sender
from bot.mailbox.spool import Raised, Spool
from bot.mailbox.worker import Bot, Route, Worker
from bot.messages import Answer, Arrival, InboundMessage, Receipt
from bot.records.questions import asked
from bot.retention.purge import Periods, purge_expired

logger = logging.getLogger(__name__)

_SWEEP_SECONDS = 3600.0
_DRAIN_SECONDS = 2.0
_NOTE_SECONDS = 1.0
_REMEMBERED = 1000
_RECEIPT_TRIES, _RECEIPT_WAIT_SECONDS = 4, 0.5
"""Together less than any gateway waits for an answer to its call."""

Receive = Callable[[Callable[[Arrival], Awaitable[None]]], Awaitable[None]]
"""Takes messages in until it is cancelled, and hands each to the function that stores it."""


class Service:
    """Takes arrivals and receipts in, and sees to it that they are handled."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, Route],
        channels: Mapping[str, Send],
        clock: Callable[[], datetime],
        periods: Periods = Periods(),  # noqa: B008  # it cannot be changed
        receivers: Sequence[Receive] = (),
        spool: Spool | None = None,
        duty: Duty | None = None,
    ) -> None:
        """Handle and send for ``channels``, whose messages are handled as ``routes`` say; what has been kept for its
        period is deleted.

        ``receivers`` run meanwhile: what fetches messages instead of being called. Alerts wait in ``spool`` while the
        database is down; ``duty``'s phones are told of alerts that nobody takes on.
        """
        self._database = database
        self._writes = GroupCommit(database)
        self._bot = bot
        self._routes = routes
        self._channels = channels
        self._clock = clock
        self._periods = periods
        self._receivers = receivers
        self._spool = spool
        self._answered_directly: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._sender = Sender(database, channels, clock)
        self._escalation = Escalation(database, duty, clock, self._sender.wake) if duty else None
        self._worker = Worker(database, bot, routes, clock, self._sender.wake, asked.note)
        self._unnoted: list[tuple[str, Answer, datetime]] = []
        wake = {signals.INBOX: self._worker.wake, signals.OUTBOX: self._sender.wake}
        self._listener = signals.Listener(database, wake)

    async def store(self, arrival: Arrival) -> None:
        """Keep ``arrival`` and have it handled; with the database down, answer at least somebody in danger."""
        point("before the storing")
        try:
            await self._writes.write(lambda c: inbox.store(c, arrival, self._clock()))
        except DatabaseError:
            await self._answer_danger(arrival)
            raise
        point("after the storing")
        self._worker.wake()

    async def handle_at_once(self, message: InboundMessage) -> Answer:
        """Answer somebody who waits at a screen; what staff must hear of is kept before this returns."""
        answer, now = await self._bot.handle(message), self._clock()
        self._unnoted.append((message.text, answer, now))
        if answer.alerts:
            kept = Raised.all(answer.alerts, "screen", message.conversation, now)
            try:
                await self._writes.write(lambda c: self._raise(c, kept, answer.participant_id, now))
            except DatabaseError:
                self._keep_alerts(kept)
        return answer

    @staticmethod
    def _raise(connection: Connection, raised: list[Raised], participant_id: int | None, now: datetime) -> None:
        for one in raised:
            alerts.put(connection, one.topic, one.channel, one.address, now, participant_id)

    async def note_asked(self) -> None:
        """Keep what was asked at the screen since the last time: nobody's answer waits for this."""
        taken, self._unnoted = self._unnoted, []
        if not taken:
            return

        def note(connection: Connection) -> None:
            for text, answer, at in taken:
                asked.note(connection, "screen", text, answer, at)

        try:
            await self._writes.write(note)
        except DatabaseError:  # counts are not worth holding on to texts for
            logger.warning("what was asked at the screen could not be counted")

    async def counts(self) -> dict[str, int]:
        """Return how many messages are in which state of the inbox."""
        return await self._database.read(inbox.counts)

    def wake_sender(self) -> None:
        """Say that something was put into the outbox."""
        self._sender.wake()

    async def note(self, receipt: Receipt) -> None:
        """Keep what a receipt says. It may overtake the note that the message was sent: that is waited for a little."""
        for _ in range(_RECEIPT_TRIES):
            if await self._writes.write(lambda c: outbox.received(c, receipt)):
                return
            await asyncio.sleep(_RECEIPT_WAIT_SECONDS)
        logger.warning("a receipt of %s is about no message of ours", receipt.channel)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work on the mailbox for as long as the context lasts; finish what is in hand before it ends."""
        self._worker.start()
        self._listener.start()
        running = [
            self._sender.run(),
            self._sweep(),
            self._drain(),
            self._note(),
            *([self._escalation.run()] if self._escalation else []),
            *(receive(self.store) for receive in self._receivers),
        ]
        tasks = [asyncio.ensure_future(one) for one in running]
        try:
            yield
        finally:
            for task in reversed(tasks):  # nothing more comes in, and the sender stays to the last
                if task is tasks[0]:
                    await asyncio.to_thread(self._stop_worker)
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self.note_asked()

    async def _note(self) -> None:
        while True:
            await asyncio.sleep(_NOTE_SECONDS)
            await self.note_asked()

    async def _sweep(self) -> None:
        """Delete what is older than it may be and add counts up, now and every hour."""
        while True:
            now = self._clock()
            try:
                await self._database.write(partial(purge_expired, now=now, periods=self._periods))
                await self._database.write(partial(asked.fold, now=now))
            except DatabaseError:
                logger.exception("what is old could not be deleted")
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _drain(self) -> None:
        """Take the alerts that waited for the database into it, as soon as it is there again."""
        while self._spool is not None:
            try:
                taken = await asyncio.to_thread(self._spool.drain, self._database)
                if taken:
                    logger.warning("%d alerts that waited for the database are in it now", taken)
                    if self._escalation:
                        self._escalation.wake()
            except (DatabaseError, OSError):
                logger.exception("alerts are waiting for the database")
            await asyncio.sleep(_DRAIN_SECONDS)

    def _stop_worker(self) -> None:
        self._listener.stop()
        self._worker.stop()

    async def _answer_danger(self, arrival: Arrival) -> None:
        """Answer a message of life or a child at risk directly: nothing of it can be stored now.

        The provider is told that storing failed and will come again, and is answered once more when it can be stored:
        a second answer is the lesser evil.
        """
        name = arrival.channel, arrival.provider_id
        if name in self._answered_directly:
            return
        route = self._routes[arrival.channel]
        message = InboundMessage(f"{route.conversation}:{arrival.address}", arrival.text or "", route.rendering)
        answer = self._bot.in_danger(message)
        if answer is None:
            return
        self._keep_alerts(Raised.all(answer.alerts, arrival.channel, arrival.address, self._clock()))
        try:
            for parcel in parcels(answer.replies, route.rendering):
                await self._channels[arrival.channel](arrival.address, parcel)
        except (NotSentError, RefusedError) as error:
            logger.critical("%s: could not be answered while the database is down: %s", answer.alerts[0], error)
            return
        self._answered_directly[name] = None
        if len(self._answered_directly) > _REMEMBERED:
            self._answered_directly.popitem(last=False)
        logger.critical("%s: answered while the database is down", answer.alerts[0])

    def _keep_alerts(self, raised: list[Raised]) -> None:
        try:
            if self._spool is None:
                raise OSError("no spool")
            self._spool.put(raised)
        except OSError:  # answering does not wait for it
            logger.critical("%s: the alert could not be kept; staff have to be told", raised[0].topic)
