"""The one way to a page of staff: who asks, whether the form is ours, one transaction, and a page for what went wrong.

A page is a plain function from a :class:`Visit` to a response. It runs in a thread, in a transaction that is kept only
where the page returned: whatever is shown or changed is kept together with its entry in the audit trail.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jinja2 import Environment
from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.attempts import Attempts
from bot.database.engine import Database, DatabaseError
from bot.messages import Answer, InboundMessage
from bot.records.outcomes import Role
from bot.records.staff import kept_forms, sessions
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.members import Member
from bot.records.staff.scope import NotTheirsError
from bot.replies.wording import Wording
from bot.settings import Settings
from bot.web.body import MAX_BODY
from bot.web.frontend import cookies, csrf, errors, forms
from bot.web.post import Post
from bot.web.staff import form_tokens, kept
from bot.web.staff.form_tokens import FormToken

logger = logging.getLogger(__name__)

COOKIE, HOME = "staff", "/staff"
SIGN_IN = f"{HOME}/sign-in"
_LARGEST_ID = 2**31 - 1
LONGEST_UPLOAD = 8 * 1024 * 1024
"""Bytes that a form with files may have: a record of some hundred people."""


@dataclass(frozen=True)
class Visit:
    """One request, in its transaction."""

    request: Request
    connection: Connection
    token: str
    """The cookie's value, new where the browser brought none."""
    now: datetime
    form: forms.Fields
    """What was sent; empty for a page that is only looked at."""
    desk: "Desk"
    who: Member | None = None
    """Who is signed in, if anybody is."""
    answer: Answer | None = None
    """What the bot answered, on the page that asks it."""
    shown: FormToken | None = None
    """Which form of which member was sent."""
    kept: KeptForm | None = None
    """What the member had entered on this page when the session before this one ended."""
    lost: bool = False
    """Whether the page has no form any more to put that into."""

    @property
    def member(self) -> Member:
        """Who is signed in, on a page that asks for it."""
        if self.who is None:
            raise HTTPException(403)
        return self.who

    def number(self, name: str) -> int:
        """Return a number of the address; answer 404 to one that no row can have."""
        value = int(self.request.path_params[name])
        if value > _LARGEST_ID:
            raise HTTPException(404)
        return value

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """Show a page."""
        context = {
            "member": self.who,
            "form_token": self._form_token(),
            "kept": self.kept,
            "kept_lost": self.lost,
            "kept_texts": kept.texts(self.kept) if self.kept and self.lost else [],
            "kept_files": kept.files(self.kept) if self.kept and not self.lost else [],
            "path": self.request.url.path,
            "now": self.now,
            "pages": [(text, href) for text, href, role in PAGES if self.who and self.who.may(role)],
            "done": DONE.get(self.request.query_params.get("done", ""), ""),
        }
        return HTMLResponse(self.desk.environment.get_template(template).render(**context, **values), status)

    def _form_token(self) -> str:
        keyring, address = self.desk.database.keyring, self.request.url
        if self.who is None:
            return csrf.token(keyring, self.token)
        asked = "&".join(part for part in address.query.split("&") if part and not part.startswith("done="))
        return form_tokens.make(keyring, self.who.id, f"{address.path}?{asked}" if asked else address.path, self.now)

    def go(self, path: str, done: str = "") -> Response:
        """Go on to another page once something is done; ``done`` is the key in :data:`DONE` of what is told there."""
        return RedirectResponse(f"{path}?done={done}" if done else path, 303)


PAGES: tuple[tuple[str, str, Role], ...] = (
    ("Today", HOME, Role.FACILITATOR),
    ("Participants", f"{HOME}/participants", Role.FACILITATOR),
    ("Absences", f"{HOME}/absences", Role.FACILITATOR),
    ("Groups", f"{HOME}/groups", Role.FACILITATOR),
    ("Ask", f"{HOME}/ask", Role.FACILITATOR),
    ("Audit", f"{HOME}/audit", Role.MANAGER),
    ("Questions", f"{HOME}/questions", Role.MANAGER),
    ("Figures", f"{HOME}/figures", Role.MANAGER),
    ("Screens", f"{HOME}/screens", Role.ADMINISTRATOR),
)
"""The navigation: what it says, where it leads, and who may go there."""

View = Callable[[Visit], Response]
Handle = Callable[[InboundMessage], Awaitable[Answer]]
Question = Callable[[forms.Fields], InboundMessage | None]
"""What a form asks the bot, if anything."""

DONE: dict[str, str] = {}
"""What pages tell after a change. The address carries only the key: it stays in histories and logs."""


@dataclass(frozen=True)
class Desk:
    """What the pages of staff work with."""

    database: Database
    settings: Settings
    environment: Environment
    clock: Callable[[], datetime]
    wording: Wording
    """The words of what is sent to participants."""
    post: Post = field(default_factory=Post)
    """The way to write to them."""
    handle: Handle | None = None
    """Asks the bot; None where there is none to ask."""
    attempts: Attempts = field(default_factory=Attempts)

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
        async def endpoint(request: Request) -> Response:
            # A form of a member is ours wherever a member is asked for, also when nobody is signed in any more.
            members = role is not None or keeping
            work = lambda: self._visit(request, view, role, question, longest, used, members)  # noqa: E731
            return await self._answered(request, work)

        endpoint.__doc__ = view.__doc__
        return Route(HOME + path, endpoint, methods=list(methods), name=view.__name__)

    async def _visit(
        self,
        request: Request,
        view: View,
        role: Role | None,
        question: Question | None,
        longest: int,
        used: bool,
        members: bool,
    ) -> Response:
        brought = cookies.read(request, COOKIE)
        token = brought or cookies.new()
        sent = await forms.fields(request, longest) if request.method == "POST" else forms.Fields()
        given, keyring = sent.get(csrf.FIELD), self.database.keyring
        shown = form_tokens.read(keyring, given, self.clock()) if members else None
        if request.method == "POST" and not (shown or csrf.is_ours(keyring, brought, given)):
            raise HTTPException(403)

        def work(connection: Connection, answer: Answer | None = None) -> Response:
            now = self.clock()
            who = sessions.holder(connection, token, now, used=used) if brought else None
            visit = Visit(request, connection, token, now, sent, self, who, answer, shown)
            if role is not None and who is None:
                return self._to_sign_in(visit, used=used)
            if role is not None and who is not None and not (who.may(role) and (not shown or shown.member == who.id)):
                raise HTTPException(403)
            return self._shown_again(visit, view) if who and used and request.method == "GET" else view(visit)

        response = await self.database.write(work)
        asked = question(sent) if question else None
        if asked is not None and self.handle is not None and response.status_code == 200:
            answer = await self.handle(asked)
            response = await self.database.write(lambda connection: work(connection, answer))
        if request.method == "POST":
            self.post.wake()
        if brought is None and "set-cookie" not in response.headers:
            self.put_cookie(response, token)
        return response

    def _to_sign_in(self, visit: Visit, *, used: bool) -> Response:
        """Have somebody sign in whose session has ended, and keep what they sent and where they were."""
        response, request = RedirectResponse(SIGN_IN, 303), visit.request
        if visit.shown:
            form = kept.from_fields(visit.shown, request.url.path, visit.form)
            if form is not None:
                kept_forms.keep(visit.connection, visit.token, visit.shown.member, form, visit.now)
                response = RedirectResponse(f"{SIGN_IN}?done=kept", 303)
            kept.remember(response, visit.shown.page, secure=self.settings.secure_cookies)
        elif used and request.method == "GET" and request.url.path != HOME:
            address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            kept.remember(response, address, secure=self.settings.secure_cookies)
        return response

    def _shown_again(self, visit: Visit, view: View) -> Response:
        """Show a page, with what was entered there before signing in again, once."""
        form = kept_forms.find(visit.connection, visit.token, visit.member.id, visit.now)
        path = visit.request.url.path
        if form is None or path not in (form.page.partition("?")[0], form.action):
            return view(visit)
        response = view(replace(visit, kept=form))
        if response.status_code != 200:
            return response
        filled = kept.filled(response, visit.request, form)
        if filled is None and path != form.action and kept.is_page(visit.request, form.action):
            return RedirectResponse(form.action, 303)
        kept_forms.forget(visit.connection, visit.token)
        return filled or view(replace(visit, kept=form, lost=True))

    async def _answered(self, request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await work()
        except NotTheirsError:
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
