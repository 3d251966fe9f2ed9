"""Questions and answers: works without JavaScript; with it, answers come without loading the page anew.

POST /messages takes {"text": "what if I miss a session"} and returns
{"replies": [{"text": "...", "section": "What happens if I do not attend?", "buttons": [{"title", "text"}],
"file": {"name", "href"} or null, "topic": "missed_session" or null}], "topic": "missed_session" or null,
"sendable": false}; with "asked", what to show instead of a message that held a code or a PIN. A reply's "topic" is what
it is the wording of, to be shown in another form (:mod:`bot.web.kiosk.look`). Whose conversation it is stands in a
cookie that scripts cannot read.
"""

import base64
import json
from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.database.engine import DatabaseError
from bot.messages import Answer, Rendering, Reply
from bot.records import feedback, identities
from bot.records.identities import Access
from bot.replies.wording import Wording
from bot.web.body import read
from bot.web.frontend import cookies
from bot.web.kiosk import device
from bot.web.kiosk.screen import LOOK, Screen, Visit
from bot.web.kiosk.shown import Shown

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


def routes(screen: Screen) -> list[Route]:
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
        body: dict[str, Any] = {"replies": [_as_json(reply, screen.shown) for reply in answer.replies]}
        body |= {"topic": _topic(answer), "sendable": await _sendable(visit, answer)}
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


async def show(visit: Visit) -> Response:
    """Show the page, with nothing of any earlier visit on it."""
    response = visit.handed(await page(visit))
    return device.renew(visit.request, response, secure=visit.screen.settings.secure_cookies)


async def ask_by_form(visit: Visit) -> Response:
    """Answer a question sent without JavaScript: the page again, with the answer on it."""
    text = visit.fields.get("text")
    if text is None:
        raise HTTPException(400)
    answer = await visit.screen.ask(visit, text)
    return await page(visit, HIDDEN if answer.held_secret else text, answer)


async def helpful(visit: Visit) -> Response:
    """Keep whether an answer helped; of one that did not, also the question, for staff to read."""
    fields = visit.fields
    topic, helped = fields.get("topic", ""), fields.get("helped") == "yes"
    if topic not in visit.screen.words.topics() or fields.get("helped") not in ("yes", "no"):
        raise HTTPException(400)
    question = None if helped else fields.get("question", "")
    await visit.screen.database.write(lambda c: feedback.note(c, visit.now, "screen", topic, helped, question))
    if "application/json" in visit.request.headers.get("accept", ""):
        return Response(status_code=204)
    return await page(visit, told="Thank you." if helped else "Thank you. Staff will look at it.")


async def send(visit: Visit) -> Response:
    """Send the answer on a topic, as a text message has it, to the visitor's own telephone or chat."""
    topic = visit.fields.get("topic", "")
    words = visit.screen.words
    if topic not in words.topics() or words.section(topic) is None:
        raise HTTPException(400)

    def put(connection: Any) -> bool:
        who = identities.speaker(connection, visit.conversation, visit.now)
        if who.access is not Access.UNLOCKED or who.participant_id is None:
            return False
        return bool(visit.screen.post.put(connection, who.participant_id, said, visit.now))

    def said(rendering: Rendering) -> str:
        return visit.screen.said(topic, rendering)

    sent = await visit.screen.database.write(put)
    visit.screen.post.wake()
    told = "It is on its way to your phone." if sent else "It could not be sent: no phone of yours is known here."
    if "application/json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"told": told})
    return await page(visit, told=told)


async def end(visit: Visit) -> Response:
    """Clear the screen for whoever comes next."""
    await visit.screen.end(visit.token)
    response = RedirectResponse("/", 303)
    cookies.drop(response, LOOK, "/", secure=visit.screen.settings.secure_cookies)
    return visit.screen.with_cookie(response, cookies.new())


async def page(
    visit: Visit, question: str = "", answer: Answer | None = None, told: str = "", draft: str = ""
) -> Response:
    """Show the page: with a question and its answer, with something told, with a question to be sent again."""
    replies = answer.replies if answer else ()
    shown = visit.screen.shown
    values = {
        "question": question,
        "asked": shown.title(question),
        "replies": replies,
        "shown": shown,
        "files": [_download(reply) for reply in replies],
        "again": " ".join(reply.topic or "" for reply in replies) if all(map(_can_be_said_again, replies)) else "",
        "topic": _topic(answer) if answer else None,
        "sendable": bool(answer) and await _sendable(visit, answer),
        "starters": STARTERS,
        "sections": sections(visit.screen.words, shown),
        "told": told,
        "draft": draft,
    }
    return await visit.page("kiosk/chat.html", values)


def sections(words: Wording, shown: Shown) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings, each with its topics in the leaflet's order: their titles, and how those are shown."""
    topics = [topic for topic in words.topics() if words.section(topic) and words.title(topic)]
    groups = groupby(topics, key=words.section)
    return [
        (str(shown.heading(section)), [(title, shown.title(title)) for title in map(words.title, group)])
        for section, group in groups
    ]


def _can_be_said_again(reply: Reply) -> bool:
    """Tell whether a form can carry all that a reply says: by its topic."""
    return reply.topic is not None and not reply.buttons and reply.file is None


def _topic(answer: Answer | None) -> str | None:
    """Return the topic that a visitor can say was helpful or not; none for what is no answer, or danger."""
    if answer is None or answer.alerts or answer.held_secret or len(answer.topics) != 1:
        return None
    return answer.topics[0]


async def _sendable(visit: Visit, answer: Answer | None) -> bool:
    topic = _topic(answer)
    if answer is None or not answer.personal:  # said to nobody who is signed in
        return False
    if topic is None or topic not in visit.screen.words.topics() or visit.screen.words.section(topic) is None:
        return False
    who = await visit.screen.stay(visit.token, visit.now)
    if who.access is not Access.UNLOCKED or who.participant_id is None:
        return False
    person = who.participant_id
    try:
        return bool(await visit.screen.database.read(lambda c: visit.screen.post.reachable(c, person)))
    except DatabaseError:  # the answer does not wait for it
        return False


async def _text(request: Request) -> str:
    try:
        given = json.loads(await read(request))
    except (ValueError, RecursionError):  # the latter from brackets nested thousands deep
        raise HTTPException(400, 'Not JSON: expected {"text": "..."}.') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise HTTPException(400, 'No "text" that is a string: expected {"text": "..."}.')
    return str(given["text"])


def _as_json(reply: Reply, shown: Shown) -> dict[str, Any]:
    return {
        "text": reply.text,
        "section": shown.heading(reply.section),
        "buttons": [{"title": shown.title(button.title), "text": button.text} for button in reply.buttons],
        "file": _download(reply),
        "topic": reply.topic,
    }


def _download(reply: Reply) -> dict[str, str] | None:
    """Return a file as a link that holds it: no address that somebody else could open."""
    if reply.file is None:
        return None
    content = base64.b64encode(reply.file.content.encode()).decode()
    return {"name": reply.file.name, "href": f"data:{reply.file.media_type};base64,{content}"}
