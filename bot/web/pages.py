"""The web application: every route, and what every response carries."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from bot.web.frontend import assets
from bot.web.headers import SafeHeaders


def pages(routes: Sequence[BaseRoute], lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """Return the application with ``routes``: the screen's, the providers', those of staff.

    ``lifespan`` is what runs beside it.
    """
    return Starlette(
        routes=[*routes, assets.mount()],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={HTTPException: _plain_error},
        lifespan=lifespan,
    )


async def _plain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
