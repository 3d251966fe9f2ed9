"""Cookies that say who a browser is: random, out of reach of scripts, never sent from another site.

Over HTTPS a cookie for the whole host is called `__Host-...` and any other `__Secure-...`: a browser takes such a name
from this host, or over HTTPS, alone, so that nobody else can put one of theirs in its place.
"""

import secrets

from starlette.requests import Request
from starlette.responses import Response

_LENGTH = 43


def new() -> str:
    """Return the value of a new cookie: 256 random bits."""
    return secrets.token_urlsafe(32)


def name_of(name: str, path: str, *, secure: bool) -> str:
    """Return what a browser calls the cookie ``name`` for ``path``."""
    if not secure:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def read(request: Request, name: str, path: str, *, secure: bool) -> str | None:
    """Return the cookie's value if it can be one of ours."""
    value = request.cookies.get(name_of(name, path, secure=secure), "")
    return value if len(value) == _LENGTH and value.replace("-", "").replace("_", "").isalnum() else None


def put(response: Response, name: str, value: str, path: str, *, secure: bool) -> None:
    """Set a cookie that ends with the browser; ``secure`` keeps it to HTTPS."""
    called = name_of(name, path, secure=secure)
    response.set_cookie(called, value, path=path, httponly=True, samesite="strict", secure=secure)


def drop(response: Response, name: str, path: str, *, secure: bool) -> None:
    """Take a cookie back."""
    called = name_of(name, path, secure=secure)
    response.delete_cookie(called, path=path, httponly=True, samesite="strict", secure=secure)
