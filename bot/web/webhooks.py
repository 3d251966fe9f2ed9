"""The providers' calls: a message is stored before the provider is told 2xx; what cannot be kept is told so.

| what came | answer |
|---|---|
| a message, stored now or already | 200 |
| not from the provider | 403 |
| nothing that can be kept: no number, no id, not JSON | 400; the provider need not try again |
| more than 64 KB | 413 |
| the database cannot keep it now | 503; the provider tries again |
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.database.engine import DatabaseError
from bot.errors import InvalidPayloadError, UnauthorisedError
from bot.messages import Arrival, Receipt
from bot.web.body import read

logger = logging.getLogger(__name__)

Store = Callable[[Arrival], Awaitable[None]]
Note = Callable[[Receipt], Awaitable[None]]


class Webhook(Protocol):
    """The part of a channel that its provider calls."""

    async def arrival(self, request: Request, body: bytes) -> Arrival | None:
        """Authenticate and parse a message; None for what is not to be answered."""
        ...

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Authenticate and parse a receipt."""
        ...


def routes(channels: Mapping[str, Webhook], store: Store, note: Note) -> list[Route]:
    """Return the routes of the providers in use."""
    return [route for name, channel in channels.items() for route in _routes(name, channel, store, note)]


def _routes(name: str, channel: Webhook, store: Store, note: Note) -> list[Route]:
    async def arrived(request: Request) -> Response:
        """Store a message."""

        async def work(body: bytes) -> None:
            found = await channel.arrival(request, body)
            if found is not None:
                await store(found)

        return await _answered(request, work)

    async def receipt(request: Request) -> Response:
        """Note a receipt."""

        async def work(body: bytes) -> None:
            found = await channel.receipt(request, body)
            if found is not None:
                await note(found)

        return await _answered(request, work)

    return [
        Route(f"/webhooks/{name}", arrived, methods=["POST"]),
        Route(f"/webhooks/{name}/receipt", receipt, methods=["GET", "POST"]),
    ]


async def _answered(request: Request, work: Callable[[bytes], Awaitable[None]]) -> Response:
    body = await read(request)
    try:
        await work(body)
    except UnauthorisedError:
        return PlainTextResponse("", 403)
    except InvalidPayloadError as error:
        logger.warning("a provider's call could not be used: %s", error)
        return PlainTextResponse("", 400)
    except DatabaseError:
        logger.exception("a provider's call could not be stored")
        return PlainTextResponse("", 503)
    return PlainTextResponse("")
