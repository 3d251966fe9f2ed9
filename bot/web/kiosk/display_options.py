"""How the screen looks and speaks: larger text, high contrast, easy words; for one visit, with the same answer on it.

POST /look takes "look", one of :data:`bot.web.kiosk.screen.LOOKS`, to be turned on or off; "again", the topics whose
wordings are on the screen; and of the one answered last "asked", its question, and "topic", what can be said to be
helpful. The page's script gets {"looks": ["easy"], "texts": {"missed_session": "..."}} and changes what it shows;
without it the page comes anew with the same answer. Nothing is asked again: an answer from a person's record, which
has no wording as it stands, stays as it is, and without the script its question is put into the box.
"""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.messages import Answer, Reply
from bot.web.frontend import cookies
from bot.web.kiosk import chat
from bot.web.kiosk.screen import LOOK, LOOKS, KioskApp, KioskRequest

OTHER_PAGES = ("/mine", "/sign-in", "/first-time")
ASK_AGAIN = "Press Ask to see your answer again."


def routes(screen: KioskApp) -> list[Route]:
    """Return the routes."""
    return [screen.route("/look", look, ("POST",))]


async def look(visit: KioskRequest) -> Response:
    """Turn one of the looks on or off, for the rest of the visit."""
    chosen = visit.fields.get("look", "")
    if chosen not in LOOKS:
        raise HTTPException(400)
    visit = replace(visit, chosen=tuple(x for x in LOOKS if (x in visit.looks) != (x == chosen)))
    response = await _changed(visit)
    cookies.put(response, LOOK, ".".join(visit.looks), "/", secure=visit.screen.settings.secure_cookies)
    return visit.screen.with_cookie(response, visit.token)


async def _changed(visit: KioskRequest) -> Response:
    topics = _topics(visit)
    if "application/json" in visit.request.headers.get("accept", ""):
        texts = {topic: visit.screen.said(topic, visit.rendering) for topic in topics}
        return JSONResponse({"looks": visit.looks, "texts": texts})
    if visit.fields.get("from") in OTHER_PAGES:
        return RedirectResponse(visit.fields["from"], 303)
    asked = visit.fields.get("asked", "")
    if topics:
        return await chat.page(visit, asked, _said_again(visit, topics))
    if asked and asked != chat.HIDDEN:
        return await chat.page(visit, told=ASK_AGAIN, draft=asked)
    return RedirectResponse("/", 303)


def _said_again(visit: KioskRequest, topics: list[str]) -> Answer:
    words = visit.screen.words
    replies = tuple(Reply(visit.screen.said(t, visit.rendering), words.section(t), topic=t) for t in topics)
    helpful = visit.fields.get("topic", "")
    # Whether it can be sent to a telephone is asked of the record: who is at the screen.
    return Answer(replies, (helpful,) if helpful in words.topics() else (), personal=True)


def _topics(visit: KioskRequest) -> list[str]:
    """Return what is on the screen and has words of its own, as the form says it."""
    known = visit.screen.words.topics()
    return [topic for topic in visit.fields.get("again", "").split() if topic in known]
