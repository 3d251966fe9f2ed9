"""Answers to people who wait at a screen, each made in a thread of its own.

An answer that blocks, or never comes, then holds up nobody: not the event loop, and no other screen. Somebody who
plainly says that a life or a child is at risk is answered without waiting for a place, for the database or for
anything else.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.conversation.locks import ConversationLocks
from bot.conversation.unit import ConversationUnit
from bot.messages import Answer, InboundMessage
from bot.messaging.worker import Bot

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Answers that are being made at the same time: more would only be slower, each of them."""
DANGER_SECONDS = 1.0
"""How long the answer to somebody in danger may take before it is given without looking up who they are."""

T = TypeVar("T")


class Answers:
    """Of one event loop."""

    def __init__(self, bot: Bot, hang_seconds: float, danger_seconds: float = DANGER_SECONDS) -> None:
        """Ask ``bot``, and apologise for an answer that takes more than ``hang_seconds``."""
        self._bot = bot
        self._hang = hang_seconds
        self._danger = danger_seconds
        self._room = asyncio.Semaphore(AT_ONCE)
        self._locks = ConversationLocks()

    async def to(self, message: InboundMessage, unit: ConversationUnit) -> Answer:
        """Return the answer, or an apology where there is none in time."""
        danger = await self.safety_response(message)
        if danger is not None:
            return await self._in_time(message, unit, self._danger, danger)
        apology = self._bot.apology(message.reply_format)
        try:
            async with asyncio.timeout(self._hang), self._locks.of(message.conversation), self._room:
                return await self._in_time(message, unit, self._hang, apology)
        except TimeoutError:
            logger.error("a message at a screen found no place in time")
            return apology

    async def safety_response(self, message: InboundMessage) -> Answer | None:
        """Return the answer to a message that plainly says so; None for any other."""
        try:
            async with asyncio.timeout(self._danger):
                return await in_own_thread(lambda: self._bot.safety_response(message))
        except Exception:  # the message is looked at once more when it is answered
            logger.exception("a message could not be looked at for a danger")
            return None

    async def _in_time(
        self, message: InboundMessage, unit: ConversationUnit, seconds: float, otherwise: Answer
    ) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                return await in_own_loop(lambda: self._bot.handle(message, unit))
        except TimeoutError:
            logger.error("an answer at a screen took too long")
        except Exception:
            logger.exception("a message at a screen could not be answered")
        unit.discard()
        return otherwise


async def in_own_loop(work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work`` in a thread and an event loop of its own, which nobody else ever needs."""

    async def awaited() -> T:
        return await work()

    return await in_own_thread(lambda: asyncio.run(awaited()))


async def in_own_thread(work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of its own, which nobody else ever needs.

    It may be given up: the thread ends when it can, and does not keep the process from ending.
    """
    loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            _say(loop, _raised, done, error)
        else:
            _say(loop, _returned, done, result)

    threading.Thread(target=run, name="answer", daemon=True).start()
    return await done


def _say(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *arguments: object) -> None:
    if not loop.is_closed():  # where the service has ended meanwhile, nobody waits
        loop.call_soon_threadsafe(how, *arguments)


def _returned(done: "asyncio.Future[T]", result: T) -> None:
    if not done.done():
        done.set_result(result)


def _raised(done: "asyncio.Future[object]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
