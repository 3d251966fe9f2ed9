"""Questions and answers: works without JavaScript; with it, answers come without loading the page anew.

POST /messages takes {"text": "what if I miss a session"} and returns
{"replies": [{"text": "...", "section": "What happens if I do not attend?", "buttons": [{"title", "text"}],
"topic": "missed_session" or null}], "helpful": "missed_session" or null, "sendable": "missed_session" or null}; with
"asked", what to show instead of a message that held a code or a PIN. "helpful" is what can be said to have helped, and
"sendable" what can be sent to the visitor's own telephone: nothing is ever downloaded to the screen's machine. A
reply's "topic" is what it is the wording of, to be shown in another form (:mod:`bot.web.kiosk.display_options`). Whose
conversation it is stands in a cookie that scripts cannot read.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.messages import Answer, Reply
from bot.replies.wording import ResponseCatalog
from bot.review import feedback
from bot.web.body import read
from bot.web.frontend import cookies
from bot.web.kiosk import device, taking
from bot.web.kiosk.display_names import DisplayNames
from bot.web.kiosk.screen import LOOK, KioskApp, KioskRequest

logger = logging.getLogger(__name__)

HIDDEN = "••••••"
"""Shown where a code or a PIN was typed: whoever walks past the screen reads it too."""
STARTERS = (
    "What if I miss a session?",
    "What times are the sessions?",
    "How long does it last?",
    "What are the rules?",
    "Are sessions recorded?",
    "How do I complain?",
)
"""What the empty page offers to tap."""
HELPED = "Thank you."
DID_NOT_HELP = (
    "Thank you. Staff will look at it. For a person now, ask for {contact_name} on {office_phone}. "
    "Or choose another topic:"
)


def routes(screen: KioskApp) -> list[Route]:
    """Return the routes."""

    async def ask_by_script(request: Request) -> Response:
        """Answer a question sent by the page's script."""
        try:
            text = await _text(request)
        except HTTPException as error:
            return JSONResponse({"error": error.detail}, error.status_code)
        visit = await screen.visit(request)
        try:
            answer = await screen.ask(visit, text)
        except HTTPException as error:
            return JSONResponse({"error": error.detail}, error.status_code)
        except Exception:
            logger.exception("a question at the screen could not be answered")
            return JSONResponse({"error": "Something went wrong. Nothing was changed."}, 500)
        body: dict[str, Any] = {"replies": [_as_json(reply, screen.shown) for reply in answer.replies]}
        body |= {"helpful": _helpful(answer), "sendable": await taking.sendable(visit, answer)}
        if answer.held_secret:
            body["asked"] = HIDDEN
        return visit.handed(JSONResponse(body))

    return [
        screen.route("/", show),
        screen.route("/", ask_by_form, ("POST",)),
        Route("/messages", ask_by_script, methods=["POST"]),
        screen.route("/helpful", helpful, ("POST",)),
        screen.route("/send", send, ("POST",)),
        screen.route("/end", end, ("POST",)),
    ]


async def show(visit: KioskRequest) -> Response:
    """Show the page, with nothing of any earlier visit on it."""
    response = visit.handed(await page(visit))
    return device.renew(visit.request, response, secure=visit.screen.settings.secure_cookies)


async def ask_by_form(visit: KioskRequest) -> Response:
    """Answer a question sent without JavaScript: the page again, with the answer on it."""
    text = visit.fields.get("text")
    if text is None:
        raise HTTPException(400)
    answer = await visit.screen.ask(visit, text)
    return await page(visit, HIDDEN if answer.held_secret else text, answer)


async def helpful(visit: KioskRequest) -> Response:
    """Keep whether an answer helped; of one that did not, also the question, for staff to read."""
    fields = visit.fields
    topic, helped = fields.get("topic", ""), fields.get("helped") == "yes"
    if topic not in visit.screen.words.topics() or fields.get("helped") not in ("yes", "no"):
        raise HTTPException(400)
    question = None if helped else fields.get("question", "")
    await visit.screen.database.write(lambda c: feedback.note(c, visit.now, "screen", topic, helped, question))
    told = HELPED if helped else DID_NOT_HELP.format(**visit.screen.settings.office)
    instead = [] if helped else visit.screen.shown.near(visit.screen.words, topic)
    if "application/json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"told": told, "buttons": [{"title": name, "text": title} for title, name in instead]})
    return await page(visit, told=told, instead=instead)


async def send(visit: KioskRequest) -> Response:
    """Send an answer, or the own dates, to the visitor's own telephone or chat."""
    topic = visit.fields.get("topic", "")
    if not taking.can_be_sent(visit, topic):
        raise HTTPException(400)
    sent = await taking.send(visit, topic)
    told = taking.ON_ITS_WAY if sent else taking.NO_PHONE
    if "application/json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"told": told})
    return await page(visit, told=told)


async def end(visit: KioskRequest) -> Response:
    """Clear the screen for whoever comes next."""
    await visit.screen.end(visit.token)
    response = RedirectResponse("/", 303)
    cookies.drop(response, LOOK, "/", secure=visit.screen.settings.secure_cookies)
    return visit.screen.with_cookie(response, cookies.new())


async def page(
    visit: KioskRequest,
    question: str = "",
    answer: Answer | None = None,
    told: str = "",
    draft: str = "",
    instead: Sequence[tuple[str, str]] = (),
) -> Response:
    """Show the page: with a question and its answer, with something told, with a question to be sent again.

    ``instead`` are the titles of topics to choose, each with how it is shown.
    """
    replies = answer.replies if answer else ()
    shown = visit.screen.shown
    values = {
        "question": question,
        "asked": shown.title(question),
        "replies": replies,
        "shown": shown,
        "again": " ".join(reply.topic or "" for reply in replies) if all(map(_can_be_said_again, replies)) else "",
        "helpful": _helpful(answer),
        "sendable": await taking.sendable(visit, answer),
        "starters": STARTERS,
        "sections": sections(visit.screen.words, shown),
        "told": told,
        "draft": draft,
        "instead": instead,
    }
    return await visit.page("kiosk/chat.html", values)


def sections(words: ResponseCatalog, shown: DisplayNames) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings, each with its topics in the leaflet's order: their titles, and how those are shown."""
    topics = [topic for topic in words.topics() if words.section(topic) and words.title(topic)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in topics:
        title = words.title(topic)
        groups.setdefault(str(shown.heading(words.section(topic))), []).append((title, shown.title(title)))
    return list(groups.items())


def _can_be_said_again(reply: Reply) -> bool:
    """Tell whether a form can carry all that a reply says: by its topic."""
    return reply.topic is not None and not reply.buttons and reply.file is None


def _helpful(answer: Answer | None) -> str | None:
    """Return the topic that a visitor can say was helpful or not.

    There is none for what is no answer, for danger, and where the answer asks something: its buttons stand alone.
    """
    if answer is None or any(reply.buttons for reply in answer.replies):
        return None
    return taking.topic(answer)


async def _text(request: Request) -> str:
    try:
        given = json.loads(await read(request))
    except (ValueError, RecursionError):  # the latter from brackets nested thousands deep
        raise HTTPException(400, 'Not JSON: expected {"text": "..."}.') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise HTTPException(400, 'No "text" that is a string: expected {"text": "..."}.')
    return str(given["text"])


def _as_json(reply: Reply, shown: DisplayNames) -> dict[str, Any]:
    return {
        "text": reply.text,
        "section": shown.heading(reply.section),
        "buttons": [{"title": shown.title(button.title), "text": button.text} for button in reply.buttons],
        "topic": reply.topic,
    }
