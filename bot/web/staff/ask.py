"""Ask: what the bot says to a question, as a participant would read it. It knows no record here."""

import secrets

from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.web.frontend.forms import Fields, Form, StringField
from bot.web.staff.desk import StaffApp, StaffRequest

_LONGEST = 500


class Ask(Form):
    """A question."""

    text = StringField(
        "Question",
        [DataRequired("Enter a question"), Length(max=_LONGEST, message=f"Use at most {_LONGEST} characters")],
        description="In the words that people use",
    )


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [desk.route("/ask", show), desk.asking_route("/ask", answer, question)]


def show(visit: StaffRequest) -> Response:
    """Show the form."""
    return visit.page("staff/ask.html", {"form": Ask(), "answers": None})


def question(fields: Fields) -> InboundMessage | None:
    """Return what is asked: each question in a conversation of its own, so that none leans on another's."""
    form = Ask(fields)
    if not form.validate():
        return None
    return InboundMessage(Address(AddressKind.DESK, secrets.token_urlsafe(16)), form.text.data, ReplyFormat.SCREEN)


def answer(visit: StaffRequest) -> Response:
    """Show the answer, and how it goes out as a text message where it is an answer of the leaflet."""
    form = Ask(visit.form)
    if not form.validate():
        return visit.page("staff/ask.html", {"form": form, "answers": None}, 400)
    replies = visit.answer.replies if visit.answer else ()
    topics = visit.answer.topics if visit.answer else ()
    words = visit.desk.wording
    known = [topic for topic in topics if topic in words.topics() and words.section(topic)]
    values = {
        "form": form,
        "answers": replies,
        "texts": [words.text(topic, ReplyFormat.SMS, **visit.desk.settings.office) for topic in known],
    }
    return visit.page("staff/ask.html", values)
