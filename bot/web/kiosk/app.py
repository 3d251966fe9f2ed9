"""The application of the kiosk: what its pages work with, and what a request goes through."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Protocol

from jinja2 import Environment
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.database.engine import Database
from bot.messages import InboundMessage, Reply, ReplyFormat
from bot.records.access.rate_limiter import RateLimiter
from bot.records.enums import Access
from bot.records.participants.participant_record import ParticipantRecord
from bot.replies.wording import ResponseCatalog
from bot.settings import Settings
from bot.web.frontend import cookies
from bot.web.kiosk.context import ConversationContext, Handle
from bot.web.kiosk.display_names import DisplayNames
from bot.web.kiosk.request import KioskRequest, View
from bot.web.kiosk.sessions import KioskSessions
from bot.web.kiosk.visits import Visits
from bot.web.participant_notifier import ParticipantNotifier
from bot.web.pipeline import Auth, Endpoint, IncomingRequest, Pipeline

MOST_NEW = 300
"""So many visits of one network address may begin with a question in ten minutes: an office has fewer, also where all
of its screens share the address of a proxy."""


class RecordDescriptions(Protocol):
    """Puts a person's record into words: counted and listed, and nothing decided."""

    def misses_left(self, record: ParticipantRecord, now: datetime, form: ReplyFormat, /) -> tuple[str, str | None]:
        """Return how many more sessions can be missed, and the leaflet's heading that the answer is from."""
        ...

    def dates(self, connection: Connection, record: ParticipantRecord, now: datetime, form: ReplyFormat, /) -> Reply:
        """Return the coming dates, to take along; where it comes with a calendar file, what is in it is kept."""
        ...


@dataclass(frozen=True)
class KioskApp(Pipeline[Endpoint]):
    """What the pages of the kiosk work with."""

    home: ClassVar[str] = "/"
    cookie: ClassVar[str] = "conversation"
    handle: Handle
    """Answers a message; what staff must hear of is stored before it returns."""
    conversations: ConversationContext
    """What was said before in a conversation."""
    notifier: ParticipantNotifier
    """Writes to the visitor's own telephone or chat."""
    database: Database
    settings: Settings
    catalog: ResponseCatalog
    display_names: DisplayNames
    """How headings and topics are named where everybody can read them."""
    personal: RecordDescriptions
    """Says what the pages show of a person's record in the words of the bot's own answers."""
    environment: Environment
    clock: Callable[[], datetime]
    in_danger: Callable[[InboundMessage], Awaitable[bool]]
    """Tells whether a message plainly says so: it is answered however many there are, and waits for nothing."""
    visits: Visits = field(default_factory=Visits)
    attempts: RateLimiter = field(default_factory=lambda: RateLimiter(30))
    newcomers: RateLimiter = field(default_factory=lambda: RateLimiter(MOST_NEW))
    """Visits that began with a question, by network address."""

    def route(
        self,
        path: str,
        view: View,
        methods: Sequence[str] = ("GET",),
        *,
        auth: Access | None = None,
        touch_session: bool = True,
        json: bool = False,
    ) -> Route:
        """Return the route of a page.

        ``auth`` is :attr:`Access.UNLOCKED` for a page about the visitor's own record, None for any other. With
        ``touch_session`` a request shows that somebody is there. ``json`` says that the page's script asks.
        """
        return self.add_route(path, methods, Endpoint(view, auth, touch_session=touch_session, json=json))

    @cached_property
    def sessions(self) -> KioskSessions:
        """Who is at the kiosk."""
        return KioskSessions(self.database, self.conversations, self.visits, self.clock)

    async def respond(self, incoming: IncomingRequest[Endpoint]) -> Response:
        """Find the visit, and run the page; who has to sign in for it is sent to do so."""
        request = await self._open_visit(incoming)
        if not await self._may_see(request, incoming.endpoint.auth):
            return request.with_session_cookie(RedirectResponse("/sign-in", 303))
        return await self._show(request, incoming.endpoint)

    async def refuse_form(self, incoming: IncomingRequest[Endpoint]) -> Response:
        """Begin anew; a question is answered all the same, because it may be a cry for help, but as a stranger's."""
        if incoming.http.url.path != "/":
            return RedirectResponse("/", 303)
        stranger = KioskRequest(app=self, http=incoming.http, token=cookies.new(), now=self.clock(), form=incoming.form)
        return await self._show(stranger, incoming.endpoint)

    async def _show(self, request: KioskRequest, endpoint: Endpoint) -> Response:
        response: Response = await endpoint.view(request)
        return response if "set-cookie" in response.headers else request.with_session_cookie(response)

    async def _may_see(self, request: KioskRequest, auth: Auth) -> bool:
        return auth is None or (await self.sessions.extend(request.token, request.now)).access is auth

    async def _open_visit(self, incoming: IncomingRequest[Endpoint]) -> KioskRequest:
        now, sent = self.clock(), incoming.cookie or cookies.new()
        token = await self.sessions.open(sent, now, touch=incoming.endpoint.touch_session)
        return KioskRequest(
            app=self, http=incoming.http, token=token, now=now, form=incoming.form, follows_another=token != sent
        )

    def text(self, topic: str, form: ReplyFormat) -> str:
        """Return the words for ``topic``, with the office's name and number in them."""
        return self.catalog.text(topic, form, **self.settings.office)
