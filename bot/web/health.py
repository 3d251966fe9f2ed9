"""The health checks, for what watches the service; no check says anything about a person.

| address | answer |
|---|---|
| GET /health/live | 200 while the process answers: where not, start it anew |
| GET /health/ready, GET /health | 200 while it can do its work, else 503, with each check by its name |
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.runtime.health import Health

Look = Callable[[], Awaitable[Health]]


def routes(look: Look) -> list[Route]:
    """Return the routes; ``look`` tries everything."""

    async def live(request: Request) -> Response:
        """Answer 200 {"live": true}."""
        return JSONResponse({"live": True})

    async def ready(request: Request) -> Response:
        """Answer 200 or 503 {"ready": false, "checks": {"database": "failing", ...}, "inbox": {...}, ...}."""
        found = await look()
        checks = {name: "ok" if works else "failing" for name, works in found.checks.items()}
        body = {"ready": found.ready, "checks": checks, "inbox": dict(found.inbox), "unreadable": found.unreadable}
        return JSONResponse(body, 200 if found.ready else 503)

    return [
        Route("/health/live", live, methods=["GET"]),
        Route("/health/ready", ready, methods=["GET"]),
        Route("/health", ready, methods=["GET"]),
    ]
