"""One request as a page gets it: what was asked and sent, by whom and when, and the ways to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.web.client import client
from bot.web.frontend.forms import Fields

_LARGEST_ID = 2**31 - 1


class Renders(Protocol):
    """The part of an application that pages are made with."""

    @property
    def environment(self) -> Environment:
        """The templates."""
        ...


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """What the pages of the kiosk and of staff have in common."""

    app: Renders
    """What the pages work with."""
    http: Request
    token: str
    """The value of the session cookie, new where the browser sent none."""
    now: datetime
    form: Fields = field(default_factory=Fields)
    """What was sent; empty for a page that is only looked at."""

    @property
    def path(self) -> str:
        """The path of the address."""
        return self.http.url.path

    @property
    def client(self) -> str:
        """The network address that limits go by; empty where it is not known."""
        return client(self.http)

    @property
    def wants_json(self) -> bool:
        """Whether the page's script asks, not a browser that loads a page."""
        return "application/json" in self.http.headers.get("accept", "")

    def query(self, name: str) -> str:
        """Return a parameter of the address; empty where it has none of that name."""
        return self.http.query_params.get(name, "")

    def number(self, name: str) -> int:
        """Return a number of the path; raise HTTPException 404 for one that no row can have."""
        value = int(self.http.path_params[name])
        if value > _LARGEST_ID:
            raise HTTPException(404)
        return value

    def template_context(self) -> dict[str, Any]:
        """Return what every template gets."""
        return {"path": self.path, "now": self.now}

    def render(self, template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        """Return a page; ``values`` are what its template needs beside :meth:`template_context`."""
        content = self.app.environment.get_template(template).render(**self.template_context(), **values)
        return HTMLResponse(content, status)

    def redirect(self, path: str, flash: str = "") -> Response:
        """Return a redirect to another page; ``flash`` is the key of the message that is shown there once."""
        return RedirectResponse(f"{path}?done={flash}" if flash else path, 303)
