"""What the machine of a screen holds to be known by: a cookie that outlives every visit and opens nothing."""

from starlette.requests import Request
from starlette.responses import Response

from bot.messages import Origin
from bot.web.client import client
from bot.web.frontend import cookies

COOKIE = "device"
_KEPT_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie; each look at the first page begins it anew."""


def origin(request: Request, *, secure: bool) -> Origin:
    """Return where a message is typed, as far as it is known before the record is asked."""
    return Origin(cookies.read(request, COOKIE, "/", secure=secure) or "", client(request))


def renew(request: Request, response: Response, *, secure: bool) -> Response:
    """Have a machine that is a screen go on being it."""
    token = cookies.read(request, COOKIE, "/", secure=secure)
    if token:
        keep(response, token, secure=secure)
    return response


def keep(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser hold ``token``, over restarts too."""
    called = cookies.name_of(COOKIE, "/", secure=secure)
    response.set_cookie(called, token, max_age=_KEPT_SECONDS, path="/", httponly=True, samesite="strict", secure=secure)
