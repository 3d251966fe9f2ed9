"""Sending, and what is done at once when something comes in: the tap is confirmed, "typing" is shown.

In by webhook: POST /webhooks/telegram, an Update as JSON, with the header X-Telegram-Bot-Api-Secret-Token.
"""

import asyncio
import json
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
from starlette.requests import Request
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.errors import (
    TIMED_OUT_AFTER_SEND,
    InvalidPayloadError,
    PermanentSendError,
    TransientSendError,
    UnauthorisedError,
)
from bot.messages import Arrival, OutboundMessage, Receipt, SendReceipt
from bot.messaging.channels.given import same
from bot.messaging.channels.telegram.albums import Albums
from bot.messaging.channels.telegram.pace import RateLimit
from bot.messaging.channels.telegram.updates import arrival, message_id

logger = logging.getLogger(__name__)

TYPING_AFTER = 0.8
"""Seconds without a reply after which "typing" is shown."""
_DATA_BYTES = 64
"""What Telegram lets a button carry."""
_NUMBERS = 2**63
"""An update's number is below this, or no database holds it."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOT_THERE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""With these the request never left."""


@dataclass(repr=False)
class Telegram:
    """The provider. Call :meth:`introduce` before anything comes in."""

    bot: Bot
    commands: Mapping[str, str]
    """What each command stands for."""
    secret: str = ""
    """What the webhook's calls must carry; empty where updates are fetched."""
    pace: RateLimit = field(default_factory=RateLimit)
    albums: Albums = field(default_factory=Albums)
    _typing: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def arrival(self, request: Request, body: bytes) -> Arrival | None:
        """Authenticate and parse an update that came by webhook; None for one that is not for the bot to answer."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not same(given, self.secret):
            raise UnauthorisedError
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            raise InvalidPayloadError("not JSON") from None
        number = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(number, int) or not 0 <= number < _NUMBERS:
            raise InvalidPayloadError("not an update")
        return self.parse(update)

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Telegram has none."""
        raise InvalidPayloadError("no receipts")

    def parse(self, given: dict[str, Any]) -> Arrival | None:
        """Return an update (the API's JSON) as a message; None also for one that cannot be read, now or ever."""
        try:
            return self.take(Update.de_json(given, self.bot))
        except (TypeError, LookupError, AttributeError, ValueError, ArithmeticError, OSError) as error:
            logger.error("update %d cannot be read: %s", given["update_id"], type(error).__name__)
            return None

    def take(self, update: Update) -> Arrival | None:
        """Return ``update`` as a message, if it is one for the bot to answer, and show that it has come."""
        if update.callback_query:
            self._begin(self._confirm(update.callback_query.id))
        found = arrival(update, self.commands, self.bot.id, self.bot.username)
        if found is not None and self.albums.has_words(update.effective_message, found):
            return None
        if found is not None and found.address.value not in self._typing:
            self._typing[found.address.value] = self._begin(self._type(found.address.value))
        return found

    async def send(self, address: str, outbound: OutboundMessage) -> SendReceipt:
        """Send a message, a document, or the deletion of a message that came in."""
        typing = self._typing.pop(address, None)
        if typing:
            typing.cancel()
        await self.pace.acquire(address)
        try:
            if outbound.delete_message_id is not None:
                number = message_id(outbound.delete_message_id)
                if number is not None:
                    await self.bot.delete_message(address, number)
                return SendReceipt(None)
            message = await self._message(address, outbound)
        except RetryAfter as error:
            seconds = error._retry_after.total_seconds()  # its public form changes with an environment variable
            self.pace.pause(address, seconds)
            raise TransientSendError("too many", timedelta(seconds=seconds)) from None
        except (Forbidden, BadRequest, ChatMigrated) as error:  # blocked by the person, or there is no such chat
            raise PermanentSendError(type(error).__name__) from None
        except TimedOut as error:
            if isinstance(error.__cause__, _NOT_THERE):
                raise TransientSendError("no connection") from None
            raise PermanentSendError(TIMED_OUT_AFTER_SEND) from None
        except TelegramError as error:
            raise TransientSendError(type(error).__name__) from None
        return SendReceipt(str(message.message_id))

    async def _message(self, address: str, outbound: OutboundMessage) -> Message:
        keyboard = _keyboard(outbound.buttons)
        if outbound.file:
            document = InputFile(BytesIO(outbound.file.content.encode()), filename=outbound.file.name)
            return await self.bot.send_document(
                address, document, caption=outbound.text, reply_markup=keyboard, protect_content=outbound.personal
            )
        return await self.bot.send_message(
            address,
            outbound.text,
            reply_markup=keyboard,
            protect_content=outbound.personal,
            link_preview_options=_NO_PREVIEW,
        )

    async def introduce(self, menu: Mapping[str, str]) -> None:
        """Learn the bot's own name, and set its menu of commands; raise TelegramError where that fails."""
        await self.bot.initialize()
        await self.bot.set_my_commands(list(menu.items()))

    async def _type(self, address: str) -> None:
        try:
            await asyncio.sleep(TYPING_AFTER)
            await self.bot.send_chat_action(address, ChatAction.TYPING)
        except TelegramError as error:  # an ornament
            logger.info("typing could not be shown: %s", type(error).__name__)
        finally:
            if self._typing.get(address) is asyncio.current_task():
                del self._typing[address]

    async def _confirm(self, query: str) -> None:
        try:
            await self.bot.answer_callback_query(query)
        except TelegramError as error:  # a tap of long ago cannot be confirmed any more, only answered
            logger.info("a tap could not be confirmed: %s", type(error).__name__)

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself holds no task for long
        task.add_done_callback(self._tasks.discard)
        return task


def _keyboard(titles: tuple[str, ...]) -> InlineKeyboardMarkup | None:
    """Return one button a line; a tap sends its title, so that an old button still says what it says."""
    if not titles:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=_data(title))] for title in titles])


def _data(title: str) -> str:
    return title.encode()[:_DATA_BYTES].decode("utf-8", "ignore")
