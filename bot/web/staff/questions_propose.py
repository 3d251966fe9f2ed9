"""Proposing questions to be learnt, worded so that nobody can be known by them."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from bot.records import audit
from bot.records.enums import Role
from bot.review import privacy, review_queue
from bot.training import proposals
from bot.training.added_questions import one_line
from bot.web.frontend.forms import Form, TextAreaField
from bot.web.staff import labels
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PATH = "/staff/questions"
OUTSIDE = "out_of_scope"
MOST = 50
"""So many questions of a group are shown, the newest; the others come up when these are dealt with."""
_LINES = 20


class ProposeForm(Form):
    """Asks for the questions to be learnt, as they are to be worded, and for their topic."""

    words = TextAreaField(
        "Questions to learn",
        description="One a line. Change the wording until it could be anybody’s question: no name, no place, no date.",
    )
    topic = SelectField("They are answered by", [InputRequired("Choose a topic")])

    @property
    def lines(self) -> list[str]:
        """The questions, each once."""
        return list(dict.fromkeys(line for line in map(one_line, self.words.data.splitlines()) if line))

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse what is no question, too much at once, or could say whose it is."""
        if not self.lines:
            raise ValidationError("Enter one question or more")
        if len(self.lines) > _LINES:
            raise ValidationError(f"Enter {_LINES} questions or fewer")
        for number, line in enumerate(self.lines, 1):
            if len(line) > review_queue.LONGEST:
                raise ValidationError(f"Question {number} is longer than {review_queue.LONGEST} characters")
            if privacy.contains_identifier(line):
                raise ValidationError(f"Question {number} has a number, a reference or an address in it: leave it out")


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/questions/propose", propose_again, auth=Role.MANAGER),
        app.route("/questions/propose", propose, ["POST"], auth=Role.MANAGER),
    ]


def propose_again(request: StaffRequest) -> Response:
    """Show what was to be proposed before the session ended; without that there is nothing to propose here."""
    return propose_page(request, ProposeForm(), []) if request.kept else request.redirect(PATH)


def propose(request: StaffRequest) -> Response:
    """Propose questions; what they come from is off the list until somebody has decided."""
    form = _topics(request, ProposeForm(request.form))
    given = request.form.getlist("question")[:MOST]
    ids = [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]
    chosen = [one.id for one in review_queue.open_by_ids(request.connection, ids)]
    if not chosen:
        raise HTTPException(404)
    if form.validate() and not _names_somebody(request, form):
        actor = request.member.actor
        proposals.propose(request.connection, form.topic.data, form.lines, chosen, actor, request.now)
        audit.note(request.connection, request.now, actor, "questions proposed", detail=form.topic.data)
        return request.redirect(f"{PATH}/proposals", "proposed")
    return propose_page(request, form, chosen, 400)


def _names_somebody(request: StaffRequest, form: ProposeForm) -> bool:
    if not any(privacy.mentions_reference(request.connection, line) for line in form.lines):
        return False
    form.words.errors = ["There is a participant’s reference in it: leave it out"]
    return True


def _topics(request: StaffRequest, form: ProposeForm) -> ProposeForm:
    titles = request.app.catalog
    offered = [(topic, titles.title(topic)) for topic in titles.topics() if titles.title(topic)]
    form.topic.choices = [("", "Choose a topic"), (OUTSIDE, labels.OUT_OF_SCOPE), *sorted(offered, key=lambda t: t[1])]
    return form


def propose_page(request: StaffRequest, form: ProposeForm, questions: list[int], status: int = 200) -> Response:
    """Show the form; ``questions`` are the ids of those that it comes from."""
    return request.render(
        "staff/questions_propose.html", {"form": _topics(request, form), "questions": questions}, status
    )
