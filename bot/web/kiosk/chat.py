"""The page of questions and answers: it works without JavaScript; with it, answers come without loading the page anew.

A form that is sent is answered with the page. The page's script sends the same forms, and gets JSON
(:mod:`bot.web.kiosk.messages` for questions).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.messages import Answer, InboundMessage, Reply
from bot.replies.wording import ResponseCatalog
from bot.review import feedback
from bot.web.frontend import cookies
from bot.web.kiosk import device, taking
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.display_names import DisplayNames
from bot.web.kiosk.messages import HIDDEN, ask
from bot.web.kiosk.request import OPTIONS_COOKIE, KioskRequest

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


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/", show),
        app.route("/", ask_by_form, ["POST"]),
        app.route("/helpful", helpful, ["POST"]),
        app.route("/send", send, ["POST"]),
        app.route("/end", end, ["POST"]),
    ]


async def show(request: KioskRequest) -> Response:
    """Show the page, with nothing of any earlier visit on it."""
    response = request.with_session_cookie(await page(request))
    return device.renew(request.http, response, secure=request.app.settings.secure_cookies)


async def ask_by_form(request: KioskRequest) -> Response:
    """Answer a question sent without JavaScript: the page again, with the answer on it."""
    text = request.form.get("text")
    if text is None:
        raise HTTPException(400)
    answer = await ask(request, text)
    return await page(request, HIDDEN if answer.held_secret else text, answer)


async def _question_for_review(request: KioskRequest, question: str) -> str | None:
    """Return what staff may read of a question whose answer did not help: nothing that says somebody is in danger."""
    in_danger = await request.app.in_danger(InboundMessage(request.address, question, request.reply_format))
    return None if in_danger else question


async def helpful(request: KioskRequest) -> Response:
    """Keep whether an answer helped; of one that did not, also the question, for staff to read."""
    fields = request.form
    topic, helped = fields.get("topic", ""), fields.get("helped") == "yes"
    if topic not in request.app.catalog.topics() or fields.get("helped") not in ("yes", "no"):
        raise HTTPException(400)
    question = None if helped else await _question_for_review(request, fields.get("question", ""))
    await request.app.database.write(lambda c: feedback.note(c, request.now, "screen", topic, helped, question))
    said = HELPED if helped else DID_NOT_HELP.format(**request.app.settings.office)
    instead = [] if helped else request.app.display_names.near(request.app.catalog, topic)
    if request.wants_json:
        return JSONResponse({"told": said, "buttons": [{"title": name, "text": title} for title, name in instead]})
    return await page(request, flash=said, instead=instead)


async def send(request: KioskRequest) -> Response:
    """Send an answer, or the own dates, to the visitor's own telephone or chat."""
    topic = request.form.get("topic", "")
    if not taking.can_be_sent(request, topic):
        raise HTTPException(400)
    sent = await taking.send(request, topic)
    said = taking.ON_ITS_WAY if sent else taking.NO_PHONE
    if request.wants_json:
        return JSONResponse({"told": said})
    return await page(request, flash=said)


async def end(request: KioskRequest) -> Response:
    """Clear the screen for whoever comes next."""
    await request.app.sessions.end(request.token)
    response = RedirectResponse("/", 303)
    cookies.drop(response, OPTIONS_COOKIE, "/", secure=request.app.settings.secure_cookies)
    return request.app.put_cookie(response, cookies.new())


async def page(
    request: KioskRequest,
    question: str = "",
    answer: Answer | None = None,
    flash: str = "",
    draft: str = "",
    instead: Sequence[tuple[str, str]] = (),
) -> Response:
    """Show the page: with a question and its answer, with a message, or with a question to be sent again.

    ``instead`` are the titles of topics to choose, each with how it is shown.
    """
    replies = answer.replies if answer else ()
    names = request.app.display_names
    values = {
        "question": question,
        "asked": names.title(question),
        "replies": replies,
        "display_names": names,
        "again": " ".join(reply.topic or "" for reply in replies) if all(map(_can_be_said_again, replies)) else "",
        "helpful": taking.helpful_topic(answer),
        "sendable": await taking.sendable(request, answer),
        "starters": STARTERS,
        "sections": sections(request.app.catalog, names),
        "flash": flash,
        "draft": draft,
        "instead": instead,
    }
    return await request.page("kiosk/chat.html", values)


def sections(catalog: ResponseCatalog, names: DisplayNames) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings, each with its topics in the leaflet's order: their titles, and how those are shown."""
    topics = [topic for topic in catalog.topics() if catalog.section(topic) and catalog.title(topic)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in topics:
        title = catalog.title(topic)
        groups.setdefault(str(names.heading(catalog.section(topic))), []).append((title, names.title(title)))
    return list(groups.items())


def _can_be_said_again(reply: Reply) -> bool:
    """Tell whether a form can carry all that a reply says: by its topic."""
    return reply.topic is not None and not reply.buttons and reply.file is None
