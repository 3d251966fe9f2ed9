"""The one way to a page of the screen: whose visit it is, whether the form is ours, and how long the record is open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from jinja2 import Environment
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.database.engine import Database, DatabaseError
from bot.messages import Address, AddressKind, Answer, InboundMessage, Reply, ReplyFormat
from bot.records.access import identities
from bot.records.access.identities import UNKNOWN, Access, Caller
from bot.records.access.rate_limiter import RateLimiter
from bot.records.participants.participant_record import ParticipantRecord
from bot.replies.wording import ResponseCatalog
from bot.settings import Settings
from bot.web.frontend import cookies, csrf, errors, forms
from bot.web.kiosk import device
from bot.web.kiosk.context import ConversationContext
from bot.web.kiosk.display_names import DisplayNames
from bot.web.kiosk.visits import IDLE, Visits
from bot.web.participant_notifier import ParticipantNotifier

logger = logging.getLogger(__name__)

COOKIE, LOOK = "conversation", "look"
ENDING_SECONDS = 1.0
"""How long a page waits for the database to note that a visit goes on or has ended: it may be a cry for help."""
EASY = "easy"
LOOKS = ("large", "contrast", EASY)
"""What a visitor can choose: larger text, black and yellow, and answers in easy words."""


MOST_NEW = 300
"""So many visits of one network address may begin with a question in ten minutes: an office has fewer, also where all
of its screens share the address of a proxy."""


@dataclass(frozen=True)
class KioskApp:
    """What the pages of the screen work with."""

    handle: Callable[[InboundMessage], Awaitable[Answer]]
    """Answers a message; what staff must hear of is stored before it returns."""
    context: ConversationContext
    """What was said before in a conversation."""
    post: ParticipantNotifier
    """The way to the visitor's own telephone or chat."""
    database: Database
    settings: Settings
    words: ResponseCatalog
    shown: DisplayNames
    """How headings and topics are named where everybody can read them."""
    own: "Own"
    """Says what the pages show of a person's record in the words of the bot's own answers."""
    environment: Environment
    clock: Callable[[], datetime]
    in_danger: Callable[[InboundMessage], Awaitable[bool]]
    """Tells whether a message plainly says so: it is answered however many there are, and waits for nothing."""
    visits: Visits = field(default_factory=Visits)
    attempts: RateLimiter = field(default_factory=lambda: RateLimiter(each=30))
    newcomers: RateLimiter = field(default_factory=lambda: RateLimiter(each=MOST_NEW))
    """Visits that began with a question, by network address."""

    def route(self, path: str, page: "Page", methods: tuple[str, ...] = ("GET",)) -> Route:
        """Return a route whose page gets the :class:`KioskRequest`; a form has to be one of ours."""

        async def endpoint(request: Request) -> Response:
            try:
                return await self._visited(request, page)
            except HTTPException as error:
                return errors.page(self.environment, error.status_code, "/")
            except DatabaseError:
                logger.exception("a page of the screen could not reach the database")
                return errors.page(self.environment, 503, "/")
            except Exception:
                logger.exception("a page of the screen failed")
                return errors.page(self.environment, 500, "/")

        endpoint.__doc__ = page.__doc__
        return Route(path, endpoint, methods=list(methods))

    async def visit(self, request: Request) -> "KioskRequest":
        """Return whose visit ``request`` belongs to; one that was left alone for long is ended, and a new one begun."""
        token, now = self.brought(request) or cookies.new(), self.clock()
        if self.visits.touched(token, now) or await self._goes_on_elsewhere(token, now):
            return KioskRequest(self, request, token, now)
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                await self.end(token)
        except (DatabaseError, TimeoutError):  # what it could see is shut by its own time
            logger.exception("a visit could not be ended in the record")
        return KioskRequest(self, request, cookies.new(), now, follows_another=True)

    async def _goes_on_elsewhere(self, token: str, now: datetime) -> bool:
        """Tell whether a visit that nobody touched here was touched at another process meanwhile."""
        address = address_of(token)
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                who = await self.database.read(lambda c: identities.speaker(c, address, now))
                if who.access is not Access.UNLOCKED and not await self.context.went_on_since(str(address), now - IDLE):
                    return False
        except (DatabaseError, TimeoutError):
            return False
        return self.visits.touched(token, now)

    async def ask(self, visit: "KioskRequest", text: str) -> Answer:
        """Answer a question; raise HTTPException 429 where too many visits of the address begin, except in danger."""
        origin = device.origin(visit.request, secure=self.settings.secure_cookies)
        message = InboundMessage(visit.address, text, visit.rendering, origin=origin)
        in_danger = await self.in_danger(message)
        if self.brought(visit.request) != visit.token:
            if not self.newcomers.may_try(origin.client, visit.now) and not in_danger:
                raise HTTPException(429, "Too many questions from here. Wait a few minutes and try again.")
            self.newcomers.failed(origin.client, visit.now)
        return await self.context.around(message, self.handle, urgent=in_danger)

    async def end(self, token: str) -> None:
        """End a visit: nothing of it can be seen or gone on with."""
        self.visits.ended(token)
        address = address_of(token)
        await self.context.forget(str(address))
        now = self.clock()
        await self.database.write(lambda c: identities.unlink(c, address, now))

    async def stay(self, token: str, now: datetime) -> Caller:
        """Return who is at the screen; a record that is open stays so until the screen is left alone for a while.

        With the database down nobody is known.
        """
        address = address_of(token)
        try:
            async with asyncio.timeout(ENDING_SECONDS):
                who = await self.database.read(lambda c: identities.speaker(c, address, now))
                if who.access is Access.UNLOCKED:
                    await self.database.write(lambda c: identities.unlock_until(c, address, now + IDLE))
        except (DatabaseError, TimeoutError):
            logger.exception("who is at the screen could not be looked up")
            return UNKNOWN
        return who

    def said(self, topic: str, rendering: ReplyFormat) -> str:
        """Return the words for ``topic``, with the office's name and number in them."""
        return self.words.text(topic, rendering, **self.settings.office)

    def brought(self, request: Request) -> str | None:
        """Return the cookie that a browser brought, if it can be one of ours."""
        return cookies.read(request, COOKIE, "/", secure=self.settings.secure_cookies)

    def with_cookie(self, response: Response, token: str) -> Response:
        """Have the browser say from now on that it holds ``token``."""
        cookies.put(response, COOKIE, token, "/", secure=self.settings.secure_cookies)
        return response

    async def _visited(self, request: Request, page: "Page") -> Response:
        brought = self.brought(request)
        sent = await forms.fields(request) if request.method == "POST" else forms.Fields()
        if request.method == "POST" and not csrf.is_ours(self.database.keyring, brought, sent.get(csrf.FIELD)):
            if request.url.path != "/":
                return RedirectResponse("/", 303)
            # A question is answered all the same, it may be a cry for help; but as a stranger's.
            visit = KioskRequest(self, request, cookies.new(), self.clock())
        else:
            visit = await self.visit(request)
        visit.form.extend(sent.multi_items())
        response = await page(visit)
        return response if "set-cookie" in response.headers else visit.handed(response)


@dataclass(frozen=True)
class KioskRequest:
    """One request of one visitor."""

    screen: KioskApp
    request: Request
    token: str
    now: datetime
    form: list[tuple[str, str]] = field(default_factory=list)
    follows_another: bool = False
    """Whether the browser still holds what an earlier visitor chose, whose visit ended by itself."""
    chosen: tuple[str, ...] | None = None
    """What was chosen just now, which the browser does not hold yet."""

    @property
    def fields(self) -> forms.Fields:
        """What was sent; empty for a page that is only looked at."""
        return forms.Fields(self.form)

    @property
    def address(self) -> Address:
        """The address that the visitor is known by."""
        return address_of(self.token)

    @property
    def client(self) -> str:
        """The network address of the browser; empty where it is not known."""
        return self.request.client.host if self.request.client else ""

    @property
    def looks(self) -> tuple[str, ...]:
        """What the visitor chose of :data:`LOOKS`."""
        if self.chosen is not None or self.follows_another:
            return self.chosen or ()
        name = cookies.name_of(LOOK, "/", secure=self.screen.settings.secure_cookies)
        given = self.request.cookies.get(name, "").split(".")
        return tuple(look for look in LOOKS if look in given)

    @property
    def rendering(self) -> ReplyFormat:
        """The form in which the visitor wants answers."""
        return ReplyFormat.EASY if EASY in self.looks else ReplyFormat.SCREEN

    def handed(self, response: Response) -> Response:
        """Have the browser hold this visit, and nothing that an earlier visitor chose."""
        if self.follows_another:
            cookies.drop(response, LOOK, "/", secure=self.screen.settings.secure_cookies)
        return self.screen.with_cookie(response, self.token)

    async def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """Show a page."""
        who = await self.screen.stay(self.token, self.now)
        context = {
            "form_token": csrf.token(self.screen.database.keyring, self.token),
            "office": self.screen.settings.office,
            "looks": self.looks,
            "signed_in": who.access is Access.UNLOCKED,
            "path": self.request.url.path,
        }
        content = self.screen.environment.get_template(template).render(**context, **values)
        return HTMLResponse(content, status)


Page = Callable[[KioskRequest], Awaitable[Response]]


class Own(Protocol):
    """Puts a person's record into words: counted and listed, and nothing decided."""

    def misses_left(self, picture: ParticipantRecord, now: datetime, rendering: ReplyFormat) -> tuple[str, str | None]:
        """Return how many more sessions can be missed, and the leaflet's heading that the words lean on."""
        ...

    def dates(self, connection: Connection, picture: ParticipantRecord, now: datetime, rendering: ReplyFormat) -> Reply:
        """Return the coming dates, to take along; where it comes with a calendar file, what is in it is kept."""
        ...


def address_of(token: str) -> Address:
    """Return the address of the visit with ``token``."""
    return Address(AddressKind.KIOSK, token)
