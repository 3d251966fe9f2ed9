"""Sends what is in the outbox, each channel at its own pace, woken as soon as there is something."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from bot.database.engine import Database
from bot.database.group import GroupCommit
from bot.errors import NotSentError, RefusedError
from bot.mailbox import alerts, duty, outbox
from bot.mailbox.crash import point
from bot.mailbox.outbox import Outgoing
from bot.messages import Parcel, Sent

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""Messages that are on their way to providers at the same time, each to another person."""
_IDLE_SECONDS = 1.0


Send = Callable[[str, Parcel], Awaitable[Sent]]
"""Sends a parcel to an address; raises NotSentError or RefusedError."""


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
        self._under_way: set[asyncio.Task[None]] = set()

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
                    busy = await self._begin_some()
                except Exception:
                    logger.exception("the outbox could not be worked on")
                    busy = False
                if not busy or len(self._under_way) >= AT_ONCE:
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
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return False
        due = await self._database.write(lambda c: outbox.claim(c, self._channels, self._clock(), room))
        for message in due:
            task = asyncio.create_task(self._send(message))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return bool(due)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._woken.set()  # there is room, and the same person's next message may go
        if not task.cancelled() and task.exception():
            logger.error("what became of a message could not be noted", exc_info=task.exception())

    async def _send(self, message: Outgoing) -> None:
        point("before the sending")
        try:
            sent = await self._channels[message.channel](message.address, message.parcel)
        except NotSentError as error:
            reason, wait = str(error), error.wait
            await self._writes.write(lambda c: outbox.retry(c, message, self._clock(), wait, reason))
            logger.warning("message %d was not sent: %s", message.id, error)
        except RefusedError as error:
            await self._writes.write(partial(self._refused, message=message, error=error))
            logger.warning("message %d was refused: %s", message.id, error)
        except Exception:
            await self._writes.write(lambda c: outbox.retry(c, message, self._clock(), None, "error"))
            logger.exception("message %d was not sent", message.id)
        else:
            point("after the sending")
            await self._writes.write(lambda c: outbox.sent(c, message, sent.provider_id))

    def _refused(self, connection: Connection, message: Outgoing, error: RefusedError) -> None:
        outbox.failed(connection, message, str(error))
        # A duty phone that cannot be reached is shown beside the alert; an alert of its own would call it once more.
        if error.alert and not duty.is_text(connection, message.id):
            alerts.put(connection, error.alert, message.channel, message.address, self._clock())

    async def _idle(self) -> None:
        # Python 3.11's wait_for can swallow a cancellation that comes together with what it waits for: this would then
        # go on for ever, and with it the service that is to end.
        with suppress(TimeoutError):
            async with asyncio.timeout(_IDLE_SECONDS):
                await self._woken.wait()
