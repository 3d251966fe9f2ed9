"""What runs beside the pages: the worker on the inbox, the sender on the outbox, and what wakes them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from bot.database.engine import Database, DatabaseError
from bot.errors import NotSentError, RefusedError
from bot.mailbox import inbox, outbox, retention
from bot.mailbox.crash import point
from bot.mailbox.parcels import parcels
from bot.mailbox.sender import Send, Sender
from bot.mailbox.worker import Bot, Route, Worker
from bot.messages import Arrival, InboundMessage, Receipt

logger = logging.getLogger(__name__)

_SWEEP_SECONDS = 3600.0


class Service:
    """Takes arrivals and receipts in, and sees to it that they are handled."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, Route],
        channels: Mapping[str, Send],
        clock: Callable[[], datetime],
        keep: timedelta = timedelta(days=30),
    ) -> None:
        """Handle and send for ``channels``, whose messages are handled as ``routes`` say; ``keep`` them so long."""
        self._database = database
        self._bot = bot
        self._routes = routes
        self._channels = channels
        self._clock = clock
        self._keep = keep
        self._sender = Sender(database, channels, clock)
        self._worker = Worker(database, bot, routes, clock, self._sender.wake)

    async def store(self, arrival: Arrival) -> None:
        """Keep ``arrival`` and have it handled; with the database down, answer at least somebody in danger."""
        point("before the storing")
        try:
            await self._database.write(lambda c: inbox.store(c, arrival, self._clock()))
        except DatabaseError:
            await self._answer_danger(arrival)
            raise
        point("after the storing")
        self._worker.wake()

    async def note(self, receipt: Receipt) -> None:
        """Keep what a receipt says."""
        if not await self._database.write(lambda c: outbox.received(c, receipt)):
            logger.warning("a receipt of %s is about no message of ours", receipt.channel)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work on the mailbox for as long as the context lasts; finish what is in hand before it ends."""
        if not self._channels:
            yield
            return
        self._worker.start()
        tasks = [asyncio.create_task(self._sender.run()), asyncio.create_task(self._sweep())]
        try:
            yield
        finally:
            await asyncio.to_thread(self._worker.stop)
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _sweep(self) -> None:
        """Delete what is older than it may be, now and every hour."""
        while True:
            try:
                await self._database.write(partial(retention.sweep, before=self._clock() - self._keep))
            except DatabaseError:
                logger.exception("what is old could not be deleted")
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _answer_danger(self, arrival: Arrival) -> None:
        """Answer a message of life or a child at risk directly: nothing of it can be stored now.

        The provider is told that storing failed and will come again: a second answer is the lesser evil.
        """
        route = self._routes[arrival.channel]
        message = InboundMessage(f"{route.conversation}:{arrival.address}", arrival.text or "", route.rendering)
        answer = self._bot.in_danger(message)
        if answer is None:
            return
        try:
            for parcel in parcels(answer.replies, route.rendering):
                await self._channels[arrival.channel](arrival.address, parcel)
        except (NotSentError, RefusedError) as error:
            logger.critical("%s: could not be answered while the database is down: %s", answer.alerts[0], error)
            return
        logger.critical("%s: answered while the database is down; staff have to be told", answer.alerts[0])
