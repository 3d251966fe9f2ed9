"""How updates reach the service: fetched by long polling, or sent to the webhook once Telegram is told of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from telegram.error import EndPointNotFound, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.database.engine import DatabaseError
from bot.messages import Arrival
from bot.messaging.channels.telegram.channel import Telegram
from bot.messaging.channels.telegram.updates import ALLOWED

logger = logging.getLogger(__name__)

POLL = 25
"""Seconds that Telegram holds a request open while there is nothing to fetch."""
_ANSWER_SECONDS = 10
_GET_UPDATES = "getupdates"
"""In small letters, which are all the same to the API: under its usual name the library warns that it has a method for
this, which gives all updates or, where it cannot parse one of them, none."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_WRONG_TOKEN_WAIT = 300.0

Store = Callable[[Arrival], Awaitable[None]]


async def fetch(telegram: Telegram, menu: Mapping[str, str], store: Store) -> None:
    """Fetch updates and hand them to ``store`` until cancelled, through every failure of network and database.

    An update is stored before the next are asked for, which is what tells Telegram to forget it: a process that is
    killed in between gets it again. The library's own polling moves on before anything has been done, and stops for
    good at an update that it cannot parse.
    """
    offset: int | None = None

    async def introduced() -> None:
        await telegram.introduce(menu)
        await telegram.bot.delete_webhook()  # Telegram gives updates to nobody else while one is set

    async def fetched() -> None:
        nonlocal offset
        asked = {"timeout": POLL, "allowed_updates": ALLOWED} | ({"offset": offset} if offset else {})
        given: Any = await telegram.bot.do_api_request(_GET_UPDATES, asked, read_timeout=POLL + _ANSWER_SECONDS)
        for number, one in enumerate(given):
            found = telegram.parse(one)
            try:
                if found is not None:
                    await store(found)
            except DatabaseError:
                await _tried(store, filter(None, map(telegram.parse, given[number + 1 :])))
                raise
            offset = int(one["update_id"]) + 1

    await _until_done(introduced)
    while True:
        await _until_done(fetched)


async def register(telegram: Telegram, menu: Mapping[str, str], url: str) -> None:
    """Tell Telegram to send updates to ``url``, one after the other, so that their order is kept."""

    async def registered() -> None:
        await telegram.introduce(menu)
        await telegram.bot.set_webhook(url, secret_token=telegram.secret, max_connections=1, allowed_updates=ALLOWED)

    await _until_done(registered)


async def _tried(store: Store, arrivals: Iterable[Arrival]) -> None:
    """Hand over what came behind an update that could not be kept: somebody may be in danger, and is answered at once.

    All of these come again with that one; what is kept now is known then.
    """
    await asyncio.gather(*(store(one) for one in arrivals), return_exceptions=True)


async def _until_done(work: Callable[[], Awaitable[None]]) -> None:
    wait = 0.0
    while True:
        try:
            await work()
        except TimedOut:  # nothing came for a while
            wait = 0.0
        except RetryAfter as error:
            wait = error._retry_after.total_seconds()
        except (InvalidToken, EndPointNotFound):  # what a call by name says of a token that is not known
            logger.critical("Telegram refuses TELEGRAM_TOKEN: expected the token that @BotFather gave")
            wait = _WRONG_TOKEN_WAIT
        except (TelegramError, DatabaseError) as error:
            wait = min(max(_FIRST_WAIT, 2 * wait), _LONGEST_WAIT)
            logger.warning("nothing can be had from Telegram just now (%s)", type(error).__name__)
        else:
            return
        await asyncio.sleep(wait)
