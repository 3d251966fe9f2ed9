"""The application of staff: what its pages work with, and who may see which.

A page is a plain function from a :class:`StaffRequest` to a response. It runs in a thread and in a transaction
(:mod:`bot.web.staff.transactions`).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import ClassVar

from jinja2 import Environment
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.database.engine import Database
from bot.messages import Answer, InboundMessage
from bot.records.access.rate_limiter import RateLimiter
from bot.records.enums import Role
from bot.records.staff import login_sessions
from bot.replies.wording import ResponseCatalog
from bot.settings import Settings
from bot.web.csrf import MemberFormToken
from bot.web.frontend import cookies, forms
from bot.web.participant_notifier import ParticipantNotifier
from bot.web.pipeline import Endpoint, IncomingRequest, Pipeline
from bot.web.staff import session_end, transactions
from bot.web.staff.navigation import HOME
from bot.web.staff.request import StaffRequest, View

Handle = Callable[[InboundMessage], Awaitable[Answer]]
Question = Callable[[forms.Fields], InboundMessage | None]
"""Returns what a form asks the bot, if anything."""


@dataclass(frozen=True)
class StaffEndpoint(Endpoint):
    """A page of staff."""

    question: Question | None = None
    keeps_forms: bool = False
    """Whether it takes any form of a member whose session has ended."""


@dataclass(frozen=True)
class StaffApp(Pipeline[StaffEndpoint]):
    """What the pages of staff work with."""

    home: ClassVar[str] = HOME
    cookie: ClassVar[str] = "staff"
    database: Database
    settings: Settings
    environment: Environment
    clock: Callable[[], datetime]
    catalog: ResponseCatalog
    """The wording of what is sent to participants."""
    notifier: ParticipantNotifier = field(default_factory=ParticipantNotifier)
    """Writes to participants."""
    handle: Handle | None = None
    """Asks the bot; None where there is none to ask."""
    attempts: RateLimiter = field(default_factory=RateLimiter)

    def route(
        self,
        path: str,
        view: View,
        methods: Sequence[str] = ("GET",),
        *,
        auth: Role | None = Role.FACILITATOR,
        upload: bool = False,
        touch_session: bool = True,
        question: Question | None = None,
        keeps_forms: bool = False,
    ) -> Route:
        """Return the route of a page below /staff.

        ``auth`` is the role that a member has to have, None for a page that is there before signing in. ``upload``
        says that the form may bring files. With ``touch_session`` a request keeps the session open: not so for what a
        page asks for by itself. ``question`` makes of the form what is asked of the bot, between two transactions, for
        the bot has its own; the page then gets the answer. ``keeps_forms`` is for the page that takes any form when a
        session ends.
        """
        endpoint = StaffEndpoint(
            view, auth, upload, touch_session=touch_session, question=question, keeps_forms=keeps_forms
        )
        return self.add_route(HOME + path, methods, endpoint)

    def allows_member_tokens(self, endpoint: StaffEndpoint) -> bool:
        """Return whether a form that was shown to a member is accepted, whoever is signed in now."""
        return endpoint.auth is not None or endpoint.keeps_forms

    async def respond(self, incoming: IncomingRequest[StaffEndpoint]) -> Response:
        """Run the page in its transaction, and ask the bot in between where the page does."""
        token, endpoint = incoming.cookie or cookies.new(), incoming.endpoint
        make = partial(self._make_page, incoming=incoming, token=token)
        response, is_read = None, incoming.http.method == "GET"
        if is_read:
            used = token if endpoint.touch_session else None
            response = await transactions.read(self.database, make, used, self.clock)
        if response is None:
            response = await transactions.write(self.database, make)
        question = endpoint.question(incoming.form) if endpoint.question else None
        if question is not None and self.handle is not None and response.status_code == 200:
            response = await transactions.write(self.database, partial(make, answer=await self.handle(question)))
        if not is_read:
            self.notifier.wake()
        if incoming.cookie is None and not self._sets_cookie(response):
            self.put_cookie(response, token)
        return response

    def _sets_cookie(self, response: Response) -> bool:
        name = cookies.name_of(self.cookie, self.home, secure=self.settings.secure_cookies)
        return any(cookie.startswith(f"{name}=") for cookie in response.headers.getlist("set-cookie"))

    def _make_page(
        self,
        connection: Connection,
        /,
        *,
        incoming: IncomingRequest[StaffEndpoint],
        token: str,
        answer: Answer | None = None,
        may_write: bool = True,
    ) -> Response | None:
        now, used = self.clock(), incoming.endpoint.touch_session and may_write
        user = login_sessions.holder(connection, token, now, used=used) if incoming.cookie else None
        sent = incoming.form_token if isinstance(incoming.form_token, MemberFormToken) else None
        request = StaffRequest(
            app=self,
            http=incoming.http,
            token=token,
            now=now,
            form=incoming.form,
            connection=connection,
            user=user,
            answer=answer,
            sent_form=sent,
        )
        return _respond_to(request, incoming.endpoint, may_write=may_write)


def _respond_to(request: StaffRequest, endpoint: StaffEndpoint, *, may_write: bool) -> Response | None:
    user, role, sent = request.user, endpoint.auth, request.sent_form
    if isinstance(role, Role):
        if user is None:
            return session_end.ask_to_sign_in(request, used=endpoint.touch_session)
        if not user.may(role) or (sent and sent.member != user.id):
            raise HTTPException(403)
    if user is None or not endpoint.touch_session or request.http.method != "GET":
        view: View = endpoint.view
        return view(request)
    return session_end.show_with_kept_form(request, endpoint.view, may_write=may_write)
