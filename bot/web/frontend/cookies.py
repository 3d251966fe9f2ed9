"""Cookies that say who a browser is: random, out of reach of scripts, never sent from another site."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

_LENGTH = 43


def new() -> str:
    """Return the value of a new cookie: 256 random bits."""
    return secrets.token_urlsafe(32)


def read(request: Request, name: str) -> str | None:
    """Return the cookie's value if it can be one of ours."""
    value = request.cookies.get(name, "")
    return value if len(value) == _LENGTH and value.replace("-", "").replace("_", "").isalnum() else None


def put(response: Response, name: str, value: str, path: str, *, secure: bool) -> None:
    """Set a cookie that ends with the browser; ``secure`` keeps it to HTTPS."""
    response.set_cookie(name, value, path=path, httponly=True, samesite="strict", secure=secure)


def drop(response: Response, name: str, path: str, *, secure: bool) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path=path, httponly=True, samesite="strict", secure=secure)
