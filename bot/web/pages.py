"""The chat page: works without JavaScript; with it, answers come without loading the page anew.

POST /messages takes {"text": "what if I miss a session"} and returns
{"replies": [{"text": "...", "section": "What happens if I do not attend?", "buttons": [{"title", "text"}],
"file": {"name", "href"} or null}]}; with "asked", what to show instead of a message that held a code or a PIN.
Whose conversation it is stands in a cookie that scripts cannot read.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates
from starlette.types import Lifespan

from bot.messages import Answer, InboundMessage, Rendering, Reply
from bot.settings import Settings
from bot.web.body import read
from bot.web.frontend import assets, cookies
from bot.web.headers import SafeHeaders

HERE = Path(__file__).parent
COOKIE = "conversation"
HIDDEN = "••••••"
"""Shown where a code or a PIN was typed: whoever walks past the screen reads it too."""

Handle = Callable[[InboundMessage], Awaitable[Answer]]


def pages(
    handle: Handle, settings: Settings, others: Sequence[BaseRoute] = (), lifespan: Lifespan[Starlette] | None = None
) -> Starlette:
    """Return the application that serves the chat page and answers its messages through ``handle``.

    ``others`` are further routes: the providers', those of staff; ``lifespan`` is what runs beside them.
    """
    templates = Jinja2Templates(HERE / "templates")

    def with_cookie(response: Response, token: str) -> Response:
        cookies.put(response, COOKIE, token, "/", secure=settings.secure_cookies)
        return response

    def page(request: Request, token: str, question: str = "", replies: tuple[Reply, ...] = ()) -> Response:
        values = {"question": question, "replies": replies, "office": settings.office, "starters": STARTERS}
        values["files"] = [_download(reply) for reply in replies]
        return with_cookie(templates.TemplateResponse(request, "chat.html", values), token)

    async def show(request: Request) -> Response:
        """Show the page, with nothing of any earlier visit on it."""
        return page(request, _token(request))

    async def ask_by_form(request: Request) -> Response:
        """Answer a question sent without JavaScript: the page again, with the answer on it."""
        form = await _form(request)
        token = _token(request)
        answer = await handle(InboundMessage(f"screen:{token}", form, Rendering.SCREEN))
        return page(request, token, HIDDEN if answer.held_secret else form, answer.replies)

    async def ask_by_script(request: Request) -> Response:
        """Answer a question sent by the page's script."""
        text = await _text(request)
        token = _token(request)
        answer = await handle(InboundMessage(f"screen:{token}", text, Rendering.SCREEN))
        body: dict[str, Any] = {"replies": [_as_json(reply) for reply in answer.replies]}
        if answer.held_secret:
            body["asked"] = HIDDEN
        return with_cookie(JSONResponse(body), token)

    return Starlette(
        routes=[
            Route("/", show, methods=["GET"]),
            Route("/", ask_by_form, methods=["POST"]),
            Route("/messages", ask_by_script, methods=["POST"]),
            *others,
            assets.mount(),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={HTTPException: _plain_error},
        lifespan=lifespan,
    )


STARTERS = (
    "What if I miss a session?",
    "What times are the sessions?",
    "How long does it last?",
    "What are the rules?",
    "Are sessions recorded?",
    "How do I complain?",
)
"""What the empty page offers to tap."""


def _token(request: Request) -> str:
    """Return whose conversation this is: the cookie's name if it can be one of ours, else a new one."""
    return cookies.read(request, COOKIE) or cookies.new()


async def _text(request: Request) -> str:
    try:
        given = json.loads(await read(request))
    except (ValueError, RecursionError):  # the latter from brackets nested thousands deep
        raise HTTPException(400, 'Not JSON: expected {"text": "..."}.') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise HTTPException(400, 'No "text" that is a string: expected {"text": "..."}.')
    return str(given["text"])


async def _form(request: Request) -> str:
    fields = parse_qs((await read(request)).decode("utf-8", "replace"), keep_blank_values=True)
    if "text" not in fields:
        raise HTTPException(400, "No text field: expected the form of the page.")
    return fields["text"][0]


def _as_json(reply: Reply) -> dict[str, Any]:
    buttons = [{"title": button.title, "text": button.text} for button in reply.buttons]
    return {"text": reply.text, "section": reply.section, "buttons": buttons, "file": _download(reply)}


def _download(reply: Reply) -> dict[str, str] | None:
    """Return a file as a link that holds it: no address that somebody else could open."""
    if reply.file is None:
        return None
    content = base64.b64encode(reply.file.content.encode()).decode()
    return {"name": reply.file.name, "href": f"data:{reply.file.media_type};base64,{content}"}


async def _plain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
