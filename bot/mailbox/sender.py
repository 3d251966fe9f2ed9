"""Sends what is in the outbox, each channel at its own pace, woken as soon as there is something."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime

from bot.database.engine import Database
from bot.errors import NotSentError, RefusedError
from bot.mailbox import outbox
from bot.mailbox.crash import point
from bot.mailbox.outbox import Outgoing
from bot.messages import Parcel, Sent

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""Messages that are sent at the same time, each to another person."""
_IDLE_SECONDS = 1.0


Send = Callable[[str, Parcel], Awaitable[Sent]]
"""Sends a parcel to an address; raises NotSentError or RefusedError."""


class Sender:
    """A task of the service's event loop."""

    def __init__(self, database: Database, channels: Mapping[str, Send], clock: Callable[[], datetime]) -> None:
        """Send through ``channels``, by their names."""
        self._database = database
        self._channels = channels
        self._clock = clock
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Say, from any thread, that there is something to send."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Send until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._woken.clear()
            try:
                busy = await self.send_some()
            except Exception:
                logger.exception("the outbox could not be worked on")
                busy = False
            if not busy:
                await self._idle()

    async def send_some(self) -> bool:
        """Send what is due; tell whether there was anything."""
        due = await self._database.write(lambda c: outbox.claim(c, self._channels, self._clock(), AT_ONCE))
        await asyncio.gather(*(self._send(message) for message in due))
        return bool(due)

    async def _send(self, message: Outgoing) -> None:
        point("before the sending")
        try:
            sent = await self._channels[message.channel](message.address, message.parcel)
        except NotSentError as error:
            reason, wait = str(error), error.wait
            await self._database.write(lambda c: outbox.retry(c, message, self._clock(), wait, reason))
            logger.warning("message %d was not sent: %s", message.id, error)
        except RefusedError as error:
            reason = str(error)
            await self._database.write(lambda c: outbox.failed(c, message, reason))
            logger.warning("message %d was refused: %s", message.id, error)
        except Exception:
            await self._database.write(lambda c: outbox.retry(c, message, self._clock(), None, "error"))
            logger.exception("message %d was not sent", message.id)
        else:
            point("after the sending")
            await self._database.write(lambda c: outbox.sent(c, message, sent.provider_id))

    async def _idle(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), _IDLE_SECONDS)
