"""Questions at the kiosk, and their answers as JSON for the page's script.

POST /messages takes {"text": "what if I miss a session"} and returns
{"replies": [{"text": "...", "section": "What happens if I do not attend?", "buttons": [{"title", "text"}],
"topic": "missed_session" or null}], "helpful": "missed_session" or null, "sendable": "missed_session" or null}; with
"asked", what to show instead of a message that held a code or a PIN. "helpful" is what can be said to have helped, and
"sendable" what can be sent to the visitor's own telephone: nothing is ever downloaded to the screen's machine. A
reply's "topic" is what it is the wording of, to be shown in another form (:mod:`bot.web.kiosk.display_options`). Whose
conversation it is stands in a cookie that scripts cannot read.
"""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.messages import Answer, InboundMessage, Reply
from bot.web.body import read
from bot.web.kiosk import device, taking
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.display_names import DisplayNames
from bot.web.kiosk.request import KioskRequest

HIDDEN = "••••••"
"""Shown where a code or a PIN was typed: whoever walks past the screen reads it too."""
TOO_MANY = "Too many questions from here. Wait a few minutes and try again."


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/messages", ask_by_script, ["POST"], json=True)]


async def ask(request: KioskRequest, text: str) -> Answer:
    """Answer a question; raise HTTPException 429 where too many visits of the address begin, except in danger."""
    app = request.app
    origin = device.origin(request.http, secure=app.settings.secure_cookies)
    message = InboundMessage(request.address, text, request.reply_format, origin=origin)
    in_danger = await app.in_danger(message)
    if app.session_cookie(request.http) != request.token:
        if not app.newcomers.may_try(origin.client, request.now) and not in_danger:
            raise HTTPException(429, TOO_MANY)
        app.newcomers.failed(origin.client, request.now)
    return await app.conversations.around(message, app.handle, urgent=in_danger)


async def ask_by_script(request: KioskRequest) -> Response:
    """Answer a question sent by the page's script."""
    answer = await ask(request, await _text(request.http))
    names = request.app.display_names
    body: dict[str, Any] = {"replies": [_as_json(reply, names) for reply in answer.replies]}
    body |= {"helpful": taking.helpful_topic(answer), "sendable": await taking.sendable(request, answer)}
    if answer.held_secret:
        body["asked"] = HIDDEN
    return request.with_session_cookie(JSONResponse(body))


async def _text(http: Request) -> str:
    try:
        given = json.loads(await read(http))
    except (ValueError, RecursionError):  # the latter from brackets nested thousands deep
        raise HTTPException(400, 'Not JSON: expected {"text": "..."}.') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise HTTPException(400, 'No "text" that is a string: expected {"text": "..."}.')
    return str(given["text"])


def _as_json(reply: Reply, names: DisplayNames) -> dict[str, Any]:
    return {
        "text": reply.text,
        "section": names.heading(reply.section),
        "buttons": [{"title": names.title(button.title), "text": button.text} for button in reply.buttons],
        "topic": reply.topic,
    }
