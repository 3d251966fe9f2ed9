"""The web application: every route, and what every response carries."""

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from bot.web.frontend import assets, errors
from bot.web.frontend.environment import environment
from bot.web.headers import SafeHeaders

logger = logging.getLogger(__name__)


def pages(
    routes: Sequence[BaseRoute],
    lifespan: Lifespan[Starlette] | None = None,
    *,
    https: bool = False,
    hosts: Sequence[str] = (),
) -> Starlette:
    """Return the application with ``routes``: the screen's, the providers', those of staff.

    ``lifespan`` is what runs beside it; ``https`` says that browsers reach it over HTTPS; ``hosts`` are the names that
    it answers to, where they are known.
    """
    middleware = [Middleware(SafeHeaders, https=https)]
    if hosts:
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False))
    made = Starlette(
        routes=[*routes, assets.mount()],
        middleware=middleware,
        exception_handlers={HTTPException: _error_response},
        lifespan=lifespan,
    )
    # Starlette would send a browser on to the host that the request names, whoever named it.
    made.router.redirect_slashes = False
    return made


async def _error_response(request: Request, error: Exception) -> Response:
    """Tell what went wrong: to somebody at a browser on a page with a way back, to a program as JSON."""
    assert isinstance(error, HTTPException)  # noqa: S101
    path = request.url.path
    if error.status_code == 404 and request.method in ("GET", "HEAD") and path.endswith("/"):
        return RedirectResponse("/" + path.strip("/"), 307)  # on this host, whatever it is called
    if "text/html" in request.headers.get("accept", ""):
        return errors.page(environment(), error.status_code, "/")
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
