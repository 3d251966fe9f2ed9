"""The one way to a page of staff: who asks, whether the form is ours, one transaction, and a page for what went wrong.

A page is a plain function from a :class:`StaffRequest` to a response. It runs in a thread, in a transaction that is
kept only where the page returned: what is changed is kept together with its entry in the audit trail. A page that is
only looked at reads: its entries are kept by a short transaction after it, before the page is sent.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from jinja2 import Environment
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.database.engine import Database, DatabaseError
from bot.messages import Answer, InboundMessage
from bot.records import audit
from bot.records.access.rate_limiter import RateLimiter
from bot.records.enums import Role
from bot.records.staff import kept_forms, login_sessions
from bot.records.staff.scope import NotInScopeError
from bot.replies.wording import ResponseCatalog
from bot.settings import Settings
from bot.web.body import MAX_BODY
from bot.web.frontend import cookies, csrf, errors, forms
from bot.web.participant_notifier import ParticipantNotifier
from bot.web.staff import form_tokens, restored_forms
from bot.web.staff.form_tokens import FormToken
from bot.web.staff.visit import FLASH_MESSAGES, HOME, NOT_DONE, PAGES, SIGN_IN, StaffRequest, View

__all__ = ["FLASH_MESSAGES", "HOME", "NOT_DONE", "PAGES", "SIGN_IN", "StaffApp", "StaffRequest", "View"]

logger = logging.getLogger(__name__)

COOKIE = "staff"
LONGEST_UPLOAD = 8 * 1024 * 1024
"""Bytes that a form with files may have: a record of some hundred people."""

Handle = Callable[[InboundMessage], Awaitable[Answer]]
Question = Callable[[forms.Fields], InboundMessage | None]
"""What a form asks the bot, if anything."""


class Work(Protocol):
    """Makes a page in a transaction; None where it would change something and may not."""

    def __call__(self, connection: Connection, /, *, changes: bool = True) -> Response | None:
        """Return the page."""
        ...


@dataclass(frozen=True)
class _Endpoint:
    """A page, and what holds for whoever asks for it."""

    view: View
    role: Role | None
    """None: nobody has to be signed in."""
    question: Question | None
    longest: int
    used: bool
    """Whether asking for it keeps the session open."""
    keeping: bool
    """Whether it takes any form of a member whose session has ended."""

    @property
    def of_members(self) -> bool:
        """Whether a form is ours that was shown to a member, whoever is signed in now."""
        return self.role is not None or self.keeping


@dataclass(frozen=True)
class StaffApp:
    """What the pages of staff work with."""

    database: Database
    settings: Settings
    environment: Environment
    clock: Callable[[], datetime]
    wording: ResponseCatalog
    """The words of what is sent to participants."""
    post: ParticipantNotifier = field(default_factory=ParticipantNotifier)
    """The way to write to them."""
    handle: Handle | None = None
    """Asks the bot; None where there is none to ask."""
    attempts: RateLimiter = field(default_factory=RateLimiter)

    def route(self, path: str, view: View, methods: Sequence[str] = ("GET",), role: Role = Role.FACILITATOR) -> Route:
        """Return the route of a page for members who may do what ``role`` may."""
        return self._route(path, view, methods, role)

    def uploading_route(self, path: str, view: View, role: Role) -> Route:
        """Return the route of a form that may bring files."""
        return self._route(path, view, ["POST"], role, longest=LONGEST_UPLOAD)

    def asking_route(self, path: str, view: View, question: Question) -> Route:
        """Return the route of a form that asks the bot: between two transactions, for the bot has its own."""
        return self._route(path, view, ["POST"], Role.FACILITATOR, question)

    def quiet_route(self, path: str, view: View) -> Route:
        """Return the route of what a page asks for by itself: it keeps no session open."""
        return self._route(path, view, ["GET"], Role.FACILITATOR, used=False)

    def open_route(self, path: str, view: View, methods: Sequence[str] = ("GET",)) -> Route:
        """Return the route of a page that is there before signing in."""
        return self._route(path, view, methods, None)

    def keeping_route(self, path: str, view: View) -> Route:
        """Return the route that takes what is entered in any form, when a session ends."""
        return self._route(path, view, ["POST"], None, longest=LONGEST_UPLOAD, keeping=True)

    def _route(
        self,
        path: str,
        view: View,
        methods: Sequence[str],
        role: Role | None,
        question: Question | None = None,
        longest: int = MAX_BODY,
        used: bool = True,
        keeping: bool = False,
    ) -> Route:
        made = _Endpoint(view, role, question, longest, used, keeping)

        async def endpoint(request: Request) -> Response:
            return await self._answered(request, lambda: self._visit(request, made))

        endpoint.__doc__ = view.__doc__
        return Route(HOME + path, endpoint, methods=list(methods), name=view.__name__)

    async def _visit(self, request: Request, endpoint: _Endpoint) -> Response:
        brought = cookies.read(request, COOKIE, HOME, secure=self.settings.secure_cookies)
        token = brought or cookies.new()
        sent, shown = await self._sent(request, brought, endpoint)

        def work(connection: Connection, answer: Answer | None = None, *, changes: bool = True) -> Response | None:
            now = self.clock()
            used = endpoint.used and changes
            who = login_sessions.holder(connection, token, now, used=used) if brought else None
            visit = StaffRequest(request, connection, token, now, sent, self, who, answer, shown)
            return self._respond(visit, endpoint, changes=changes)

        response = await self._looked_at(work, token if endpoint.used else None) if request.method == "GET" else None
        if response is None:
            response = await self._changed(work)
        asked = endpoint.question(sent) if endpoint.question else None
        if asked is not None and self.handle is not None and response.status_code == 200:
            answer = await self.handle(asked)
            response = await self._changed(partial(work, answer=answer))
        if request.method == "POST":
            self.post.wake()
        own = f"{COOKIE}="
        if brought is None and not any(put.startswith(own) for put in response.headers.getlist("set-cookie")):
            self.put_cookie(response, token)
        return response

    async def _sent(
        self, request: Request, brought: str | None, endpoint: _Endpoint
    ) -> tuple[forms.Fields, FormToken | None]:
        """Return what a form brings, and whose it is; raise HTTPException 403 where it is none of ours."""
        if request.method != "POST":
            return forms.Fields(), None
        sent = await forms.fields(request, endpoint.longest)
        given, keyring = sent.get(csrf.FIELD), self.database.keyring
        shown = form_tokens.read(keyring, given, self.clock()) if endpoint.of_members else None
        if not (shown or csrf.is_ours(keyring, brought, given)):
            raise HTTPException(403)
        return sent, shown

    def _respond(self, visit: StaffRequest, endpoint: _Endpoint, *, changes: bool) -> Response | None:
        who, role, shown = visit.who, endpoint.role, visit.shown
        if role is not None and who is None:
            return self._to_sign_in(visit, used=endpoint.used)
        if role is not None and who is not None and not (who.may(role) and (not shown or shown.member == who.id)):
            raise HTTPException(403)
        if who is None or not endpoint.used or visit.request.method != "GET":
            return endpoint.view(visit)
        return self._shown_again(visit, endpoint.view, changes=changes)

    async def _looked_at(self, work: Work, used: str | None) -> Response | None:
        """Return a page from a transaction that only reads, once what that leaves behind is kept by a short one.

        ``used`` is what opens the session that it keeps open, if any.
        """

        def look(connection: Connection) -> tuple[Response | None, list[dict[str, Any]], bool]:
            noted = audit.gather(connection)
            response = work(connection, changes=False)
            return response, noted, used is not None and login_sessions.is_to_be_noted(connection, used, self.clock())

        def keep(connection: Connection) -> None:
            audit.keep(connection, noted)
            if used is not None and in_use:
                login_sessions.note_use(connection, used, self.clock())

        response, noted, in_use = await self.database.read(look)
        if response is not None and (noted or in_use):
            await self.database.write(keep)
        return response

    async def _changed(self, work: Work) -> Response:
        response = await self.database.write(work)
        if response is None:
            raise RuntimeError("a page that may change something has to be shown")
        return response

    def _to_sign_in(self, visit: StaffRequest, *, used: bool) -> Response:
        """Have somebody sign in whose session has ended, and keep what they sent and where they were."""
        response, request = RedirectResponse(SIGN_IN, 303), visit.request
        if visit.shown:
            form = restored_forms.from_fields(visit.shown, request.url.path, visit.form)
            if form is not None:
                kept_forms.keep(visit.connection, visit.token, visit.shown.member, form, visit.now)
                response = RedirectResponse(f"{SIGN_IN}?done=kept", 303)
            restored_forms.remember(response, visit.shown.page, secure=self.settings.secure_cookies)
        elif used and request.method == "GET" and request.url.path != HOME:
            address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            restored_forms.remember(response, address, secure=self.settings.secure_cookies)
        return response

    def _shown_again(self, visit: StaffRequest, view: View, *, changes: bool) -> Response | None:
        """Show a page, with what was entered there before signing in again, once.

        None where that takes a transaction that changes something, and this one only reads.
        """
        path = visit.request.url.path
        form = kept_forms.find(visit.connection, visit.token, visit.member.id, path, visit.now)
        if form is None:
            return view(visit)
        if not changes:
            return None
        response = view(replace(visit, kept=form))
        if response.status_code != 200:
            return response
        filled = restored_forms.filled(response, visit.request, form)
        if filled is None and path != form.action and restored_forms.is_page(visit.request, form.action):
            return RedirectResponse(form.action, 303)
        kept_forms.forget(visit.connection, visit.token, form)
        return filled or view(replace(visit, kept=form, lost=True))

    async def _answered(self, request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await work()
        except NotInScopeError:
            return errors.page(self.environment, 404, HOME)
        except HTTPException as error:
            return errors.page(self.environment, error.status_code, HOME)
        except DatabaseError:
            logger.exception("a page of staff could not reach the database")
            return errors.page(self.environment, 503, HOME)
        except Exception:
            logger.exception("a page of staff failed")
            return errors.page(self.environment, 500, HOME)

    def put_cookie(self, response: Response, token: str) -> None:
        """Have the browser say from now on that it holds ``token``."""
        cookies.put(response, COOKIE, token, HOME, secure=self.settings.secure_cookies)
