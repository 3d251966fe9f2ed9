"""Whether the service can do its work: GET /health, for whatever watches it. Counts only, nothing of anybody."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.database.engine import DatabaseError

SECONDS = 3
"""A database that takes longer counts as down."""

Counts = Callable[[], Awaitable[Mapping[str, int]]]


def route(counts: Counts) -> Route:
    """Return the route; ``counts`` asks the database how many messages are in which state."""

    async def health(request: Request) -> Response:
        """Answer 200 {"database": "up", "inbox": {...}}, or 503 {"database": "down"}."""
        try:
            found = await asyncio.wait_for(counts(), SECONDS)
        except (DatabaseError, TimeoutError):
            return JSONResponse({"database": "down"}, 503)
        return JSONResponse({"database": "up", "inbox": dict(found)})

    return Route("/health", health, methods=["GET"])
