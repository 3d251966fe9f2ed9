"""Ask: what the bot says to a question, as a participant would read it. It knows no record here."""

import secrets

from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.web.frontend.forms import Fields, Form, StringField
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_LONGEST = 500


class AskForm(Form):
    """Asks for a question."""

    text = StringField(
        "Question",
        [DataRequired("Enter a question"), Length(max=_LONGEST, message=f"Use at most {_LONGEST} characters")],
        description="In the words that people use",
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [app.route("/ask", show), app.route("/ask", answer, ["POST"], question=question)]


def show(request: StaffRequest) -> Response:
    """Show the form."""
    return request.render("staff/ask.html", {"form": AskForm(), "answers": None})


def question(fields: Fields) -> InboundMessage | None:
    """Return what is asked: each question in a conversation of its own, so that none is a follow-up of another."""
    form = AskForm(fields)
    if not form.validate():
        return None
    return InboundMessage(Address(AddressKind.DESK, secrets.token_urlsafe(16)), form.text.data, ReplyFormat.SCREEN)


def answer(request: StaffRequest) -> Response:
    """Show the answer, and how it goes out as a text message where it is an answer of the leaflet."""
    form = AskForm(request.form)
    if not form.validate():
        return request.render("staff/ask.html", {"form": form, "answers": None}, 400)
    replies = request.answer.replies if request.answer else ()
    topics = request.answer.topics if request.answer else ()
    words = request.app.catalog
    known = [topic for topic in topics if topic in words.topics() and words.section(topic)]
    values = {
        "form": form,
        "answers": replies,
        "texts": [words.text(topic, ReplyFormat.SMS, **request.app.settings.office) for topic in known],
    }
    return request.render("staff/ask.html", values)
