"""How the kiosk looks and speaks: larger text, high contrast, easy words; for one visit, with the same answer on it.

POST /look takes "look", one of :data:`bot.web.kiosk.request.DISPLAY_OPTIONS`, to be turned on or off; "again", the
topics whose wordings are on the screen; and of the one answered last "asked", its question, and "topic", what can be
said to be helpful. The page's script gets {"looks": ["easy"], "texts": {"missed_session": "..."}} and changes what it
shows; without it the page comes anew with the same answer. Nothing is asked again: an answer from a person's record,
which has no wording as it stands, stays as it is, and without the script its question is put into the box.
"""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.messages import Answer, Reply
from bot.web.frontend import cookies
from bot.web.kiosk import chat
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.messages import HIDDEN
from bot.web.kiosk.request import DISPLAY_OPTIONS, OPTIONS_COOKIE, KioskRequest

OTHER_PAGES = ("/mine", "/sign-in", "/first-time")
ASK_AGAIN = "Press Ask to see your answer again."


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/look", look, ("POST",))]


async def look(request: KioskRequest) -> Response:
    """Turn one of the options on or off, for the rest of the visit."""
    chosen = request.form.get("look", "")
    if chosen not in DISPLAY_OPTIONS:
        raise HTTPException(400)
    request = replace(
        request, chosen=tuple(x for x in DISPLAY_OPTIONS if (x in request.display_options) != (x == chosen))
    )
    response = await _changed(request)
    cookies.put(
        response, OPTIONS_COOKIE, ".".join(request.display_options), "/", secure=request.app.settings.secure_cookies
    )
    return request.app.put_cookie(response, request.token)


async def _changed(request: KioskRequest) -> Response:
    topics = _topics(request)
    if request.wants_json:
        texts = {topic: request.app.text(topic, request.reply_format) for topic in topics}
        return JSONResponse({"looks": request.display_options, "texts": texts})
    if request.form.get("from") in OTHER_PAGES:
        return RedirectResponse(request.form["from"], 303)
    asked = request.form.get("asked", "")
    if topics:
        return await chat.page(request, asked, _said_again(request, topics))
    if asked and asked != HIDDEN:
        return await chat.page(request, flash=ASK_AGAIN, draft=asked)
    return RedirectResponse("/", 303)


def _said_again(request: KioskRequest, topics: list[str]) -> Answer:
    words = request.app.catalog
    replies = tuple(Reply(request.app.text(t, request.reply_format), words.section(t), topic=t) for t in topics)
    helpful = request.form.get("topic", "")
    # Whether it can be sent to a telephone is asked of the record: who is at the screen.
    return Answer(replies, (helpful,) if helpful in words.topics() else (), personal=True)


def _topics(request: KioskRequest) -> list[str]:
    """Return what is on the screen and has words of its own, as the form says it."""
    known = request.app.catalog.topics()
    return [topic for topic in request.form.get("again", "").split() if topic in known]
