"""The request pipeline of every page, of the kiosk and of staff.

1. The session cookie is read, and the form.
2. The form token is checked: a form that this service did not show is refused.
3. The application opens the session, checks who may see the page, and calls it.
4. Whatever goes wrong is answered with an error page that says nothing of what was asked for.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.database.engine import Database, DatabaseError
from bot.records.enums import Access, Role
from bot.records.staff.scope import NotInScopeError
from bot.settings import Settings
from bot.web import csrf
from bot.web.body import MAX_BODY
from bot.web.csrf import FormToken
from bot.web.frontend import cookies, errors, forms

logger = logging.getLogger(__name__)

MAX_UPLOAD = 8 * 1024 * 1024
"""Bytes that a form with files may have: a record of some hundred people."""
Auth = Role | Access | None
"""Who may ask for a page: members with a role, a participant who has unlocked their record, or anybody."""


@dataclass(frozen=True)
class Endpoint:
    """A page, and the rules that hold for every request to it."""

    view: Callable[..., Any]
    auth: Auth = None
    upload: bool = False
    """Whether the form may bring files."""
    touch_session: bool = True
    """Whether a request counts as use, and keeps the session open."""
    json: bool = False
    """Whether the page's script sends JSON in place of a form, which needs no token, and is answered in JSON."""


E = TypeVar("E", bound=Endpoint)


@dataclass(frozen=True)
class IncomingRequest(Generic[E]):
    """A request whose form has been read and whose token has been checked."""

    http: Request
    endpoint: E
    cookie: str | None
    """The session cookie, if the browser sent one that can be ours."""
    form: forms.Fields
    form_token: FormToken | None
    """What the form's token says; None where no valid one was sent."""


class Pipeline(ABC, Generic[E]):
    """What an application's pages go through; an application says what its sessions are."""

    home: ClassVar[str]
    """The path that everything of the application is under, which its session cookie is for."""
    cookie: ClassVar[str]
    database: Database
    settings: Settings
    environment: Environment
    clock: Callable[[], datetime]

    @abstractmethod
    async def respond(self, incoming: IncomingRequest[E]) -> Response:
        """Open the session, check who may see the page, and answer the request."""

    async def refuse_form(self, incoming: IncomingRequest[E]) -> Response:
        """Answer a form without a valid token."""
        raise HTTPException(403)

    def allows_member_tokens(self, endpoint: E) -> bool:
        """Return whether a form that was shown to a member is accepted, also once their session has ended."""
        return False

    def add_route(self, path: str, methods: Sequence[str], endpoint: E) -> Route:
        """Return the route of a page."""

        async def answer(http: Request) -> Response:
            try:
                return await self._answer(http, endpoint)
            except Exception as error:
                return self._error_response(error, endpoint)

        answer.__doc__ = endpoint.view.__doc__
        return Route(path, answer, methods=list(methods), name=endpoint.view.__name__)

    async def _answer(self, http: Request, endpoint: E) -> Response:
        cookie, form, form_token = self.session_cookie(http), forms.Fields(), None
        needs_token = http.method == "POST" and not endpoint.json
        if needs_token:
            form = await forms.fields(http, MAX_UPLOAD if endpoint.upload else MAX_BODY)
            allowed = self.allows_member_tokens(endpoint)
            given, keyring = form.get(csrf.FIELD), self.database.keyring
            form_token = csrf.verify(keyring, given, cookie, self.clock(), allow_members=allowed)
        incoming = IncomingRequest(http, endpoint, cookie, form, form_token)
        if needs_token and form_token is None:
            return await self.refuse_form(incoming)
        return await self.respond(incoming)

    def _error_response(self, error: Exception, endpoint: E) -> Response:
        status = _status(error)
        if status >= 500 and not isinstance(error, HTTPException):
            logger.error("a page failed", exc_info=error)
        if endpoint.json:
            detail = error.detail if isinstance(error, HTTPException) else errors.text(status)
            return JSONResponse({"error": detail}, status)
        return errors.page(self.environment, status, self.home)

    def session_cookie(self, http: Request) -> str | None:
        """Return the session cookie that a browser sent, if it can be ours."""
        return cookies.read(http, self.cookie, self.home, secure=self.settings.secure_cookies)

    def put_cookie(self, response: Response, token: str) -> Response:
        """Have the browser hold ``token`` as its session cookie from now on."""
        cookies.put(response, self.cookie, token, self.home, secure=self.settings.secure_cookies)
        return response


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, NotInScopeError):
        return 404
    return 503 if isinstance(error, DatabaseError) else 500
