"""Sends what is in the outbox, each channel at its own pace, woken as soon as there is something."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from bot.alerts import alert_store, duty_texts, undelivered
from bot.database.engine import Database, DatabaseError
from bot.database.group_commit import GroupCommit
from bot.errors import TIMED_OUT_AFTER_SEND, PermanentSendError, TransientSendError
from bot.messages import OutboundMessage, SendReceipt
from bot.messaging import outbox
from bot.messaging.failpoint import failpoint
from bot.messaging.outbox import Outgoing

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""Messages that are on their way to one provider at the same time, each to another person."""
_IDLE_SECONDS = 1.0
_NOTED_AGAIN_SECONDS = 1.0


Send = Callable[[str, OutboundMessage], Awaitable[SendReceipt]]
"""Sends a message to a number or chat; raises TransientSendError or PermanentSendError."""


class Sender:
    """A task of the service's event loop."""

    def __init__(self, database: Database, channels: Mapping[str, Send], clock: Callable[[], datetime]) -> None:
        """Send through ``channels``, by their names."""
        self._database = database
        self._writes = GroupCommit(database)
        self._channels = channels
        self._clock = clock
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._failing: set[str] = set()
        """Channels whose provider did not take the last message."""

    def wake(self) -> None:
        """Say, from any thread, that there is something to send."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Send until cancelled; what is on its way then gets its answer still."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._woken.clear()
                try:
                    await self._begin_some()
                except Exception:
                    logger.exception("the outbox could not be worked on")
                # What is stored meanwhile wakes it, and so does each message that is sent: there is room then.
                await self._idle()
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way)

    async def send_some(self) -> bool:
        """Send what is due, and wait until it is sent; tell whether there was anything."""
        if not await self._begin_some():
            return False
        await asyncio.wait(self._under_way)
        return True

    async def _begin_some(self) -> bool:
        """Begin to send what is due: one slow provider, or one person's turn to wait, holds up nobody else."""
        busy = list(self._under_way.values())
        room = {name: AT_ONCE - busy.count(name) for name in self._channels if busy.count(name) < AT_ONCE}
        due = await self._database.write(partial(self._claimed, room=room)) if room else []
        for message in due:
            task = asyncio.create_task(self._send(message))
            self._under_way[task] = message.channel
            task.add_done_callback(self._done)
        return bool(due)

    def _claimed(self, connection: Connection, room: Mapping[str, int]) -> list[Outgoing]:
        now = self._clock()
        return [m for name, limit in room.items() for m in outbox.claim(connection, [name], now, limit)]

    def _done(self, task: "asyncio.Task[None]") -> None:
        del self._under_way[task]
        self._woken.set()  # there is room, and the same person's next message may go
        if not task.cancelled() and task.exception():
            logger.error("what became of a message could not be noted", exc_info=task.exception())

    async def _send(self, message: Outgoing) -> None:
        failpoint("before the sending")
        try:
            sent = await self._channels[message.channel](message.address.value, message.outbound)
        except TransientSendError as error:
            await self._not_sent(message, str(error), error.wait)
        except PermanentSendError as error:
            if message.urgent and str(error) == TIMED_OUT_AFTER_SEND:  # in a danger, twice is better than not at all
                await self._not_sent(message, TIMED_OUT_AFTER_SEND, None)
                return
            await self._note(partial(self._refused, message=message, error=error))
            logger.warning("message %d was refused: %s", message.id, error)
        except Exception:
            logger.exception("message %d was not sent", message.id)
            await self._not_sent(message, "error", None)
        else:
            failpoint("after the sending")
            await self._note(partial(self._sent, message=message, provider_id=sent.provider_id))

    async def _not_sent(self, message: Outgoing, reason: str, wait: timedelta | None) -> None:
        self._failing.add(message.channel)
        logger.warning("message %d was not sent: %s", message.id, reason)
        await self._note(partial(self._retried, message=message, reason=reason, wait=wait))

    def _retried(self, connection: Connection, message: Outgoing, reason: str, wait: timedelta | None) -> None:
        if outbox.retry(connection, message, self._clock(), wait, reason):
            self._alert_undelivered(connection, message)

    def _sent(self, connection: Connection, message: Outgoing, provider_id: str | None) -> None:
        outbox.sent(connection, message, provider_id)
        if message.channel in self._failing:  # it takes messages again: nobody need wait any longer
            self._failing.discard(message.channel)
            outbox.hurry(connection, message.channel, self._clock())

    def _refused(self, connection: Connection, message: Outgoing, error: PermanentSendError) -> None:
        outbox.failed(connection, message, str(error))
        if error.alert and not duty_texts.is_text(connection, message.id):
            alert_store.put(connection, error.alert, message.address, self._clock())
        elif message.urgent:
            self._alert_undelivered(connection, message)

    def _alert_undelivered(self, connection: Connection, message: Outgoing) -> None:
        channel, address, now = message.channel, message.address, self._clock()
        undelivered.alert_staff(connection, message.id, channel, address, now, urgent=message.urgent)

    async def _note(self, work: Callable[[Connection], None]) -> None:
        """Note what became of a message, before anybody takes it for one whose sender died and sends it again."""
        until = time.monotonic() + outbox.LEASE.total_seconds() / 2
        while True:
            try:
                return await self._writes.write(work)
            except DatabaseError:
                if time.monotonic() >= until:
                    raise
            await asyncio.sleep(_NOTED_AGAIN_SECONDS)

    async def _idle(self) -> None:
        # Python 3.11's wait_for can swallow a cancellation that comes together with what it waits for: this would then
        # go on for ever, and with it the service that is to end.
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._woken.wait()
