"""Questions that the bot could not answer or whose answers did not help: alike together, to be taught or settled."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from bot.records import audit
from bot.records.enums import ProposalState, Role, Why
from bot.review import cluster_pages, privacy, review_queue, weeks
from bot.review.review_queue import ReviewQuestion
from bot.training import proposals, trainings
from bot.training.added_questions import one_line
from bot.web.frontend.environment import short_day
from bot.web.frontend.forms import Form, TextAreaField
from bot.web.frontend.paging import Page
from bot.web.staff import labels
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

PATH = "/staff/questions"
OUTSIDE = "out_of_scope"
FLASH_MESSAGES["settled"] = "The questions are dealt with, and forgotten."
FLASH_MESSAGES["proposed"] = "The questions are proposed: a second person decides."
_GROUPS, _WEEKS = 20, 5
_MOST = 50
"""So many of a group are shown, the newest; the others come up when these are dealt with."""
_LINES = 20
_ADD, _OUT, _SETTLE = "add", "outside", "settle"


class Choose(Form):
    """Some of the questions that are alike."""

    chosen = SelectMultipleField(
        "Which of them", [InputRequired("Choose one question or more")], coerce=int, choices=[]
    )


class Propose(Form):
    """Questions to be learnt, as they are to be worded."""

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


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/questions", show, role=Role.MANAGER),
        desk.route("/questions/propose", propose_again, role=Role.MANAGER),
        desk.route("/questions/propose", propose, ["POST"], role=Role.MANAGER),
        desk.route("/questions/{question:int}", show_alike, role=Role.MANAGER),
        desk.route("/questions/{question:int}", choose, ["POST"], role=Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Show the groups, the largest first."""
    asked = visit.request.query_params
    why = Why(asked["why"]) if asked.get("why") in list(Why) else None
    wanted = asked.get("page", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and 1 <= len(wanted) <= 4 else 1
    groups, total = cluster_pages.clusters(visit.connection, why, max(1, number), _GROUPS)
    audit.note(visit.connection, visit.now, visit.member.actor, "questions read")
    pages = max(1, -(-total // _GROUPS))
    page = Page(groups, min(max(1, number), pages), pages, total)
    titles = visit.desk.wording.title
    values = {
        "page": page,
        "links": page.links(f"{PATH}?why={why.value if why else ''}&page="),
        "weeks": weeks.last(_WEEKS, visit.now),
        "why": why,
        "whys": labels.WHYS,
        "topics": {q.topic: labels.topic(titles, q.topic) for group in groups for q in group.examples},
        "waiting": len(proposals.in_state(visit.connection, ProposalState.PROPOSED)),
        "pending": trainings.pending_changes(visit.connection),
    }
    return visit.page("staff/questions.html", values)


def show_alike(visit: StaffRequest) -> Response:
    """Show the questions that are alike, to choose from."""
    found = _alike(visit)
    return _alike_page(visit, found, _choices(Choose(chosen=[one.id for one in found]), found))


def choose(visit: StaffRequest) -> Response:
    """Settle the questions chosen, or go on to what they are to be learnt as."""
    found = _alike(visit)
    form, what = _choices(Choose(visit.form), found), visit.form.get("do", "")
    if what not in (_ADD, _OUT, _SETTLE):
        raise HTTPException(400)
    if not form.validate():
        return _alike_page(visit, found, form, 400)
    if what == _SETTLE:
        review_queue.dismiss(visit.connection, form.chosen.data or [])
        audit.note(visit.connection, visit.now, visit.member.actor, "questions settled")
        return visit.go(PATH, "settled")
    chosen = review_queue.open_by_ids(visit.connection, form.chosen.data or [])
    proposed = Propose(words="\n".join(one.text for one in chosen), topic=OUTSIDE if what == _OUT else "")
    return _propose_page(visit, proposed, [one.id for one in chosen])


def propose_again(visit: StaffRequest) -> Response:
    """Show what was to be proposed before the session ended; without that there is nothing to propose here."""
    return _propose_page(visit, Propose(), []) if visit.kept else visit.go(PATH)


def propose(visit: StaffRequest) -> Response:
    """Propose questions; what they come from is off the list until somebody has decided."""
    form = _topics(visit, Propose(visit.form))
    given = visit.form.getlist("question")[:_MOST]
    ids = [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]
    chosen = [one.id for one in review_queue.open_by_ids(visit.connection, ids)]
    if not chosen:
        raise HTTPException(404)
    if form.validate() and not _names_somebody(visit, form):
        actor = visit.member.actor
        proposals.propose(visit.connection, form.topic.data, form.lines, chosen, actor, visit.now)
        audit.note(visit.connection, visit.now, actor, "questions proposed", detail=form.topic.data)
        return visit.go(f"{PATH}/proposals", "proposed")
    return _propose_page(visit, form, chosen, 400)


def _names_somebody(visit: StaffRequest, form: Propose) -> bool:
    if not any(privacy.mentions_reference(visit.connection, line) for line in form.lines):
        return False
    form.words.errors = ["There is a participant’s reference in it: leave it out"]
    return True


def _alike(visit: StaffRequest) -> list[ReviewQuestion]:
    found = review_queue.similar_to(visit.connection, visit.number("question"), _MOST)
    if not found:
        raise HTTPException(404)
    audit.note(visit.connection, visit.now, visit.member.actor, "questions read")
    return found


def _choices(form: Choose, found: list[ReviewQuestion]) -> Choose:
    form.chosen.choices = [(one.id, one.text) for one in found]
    return form


def _alike_page(visit: StaffRequest, found: list[ReviewQuestion], form: Choose, status: int = 200) -> Response:
    titles = visit.desk.wording.title
    chosen = set(form.chosen.data or ())
    items = [
        {"value": one.id, "text": f"“{one.text}”", "checked": one.id in chosen, "hint": {"text": _said(one, titles)}}
        for one in found
    ]
    values = {"form": form, "items": items, "most": _MOST, "count": len(found), "number": visit.number("question")}
    return visit.page("staff/questions_alike.html", values, status)


def _said(one: ReviewQuestion, titles: "labels.Titles") -> str:
    channel, why = labels.channel(one.channel), labels.WHYS[one.why]
    topic = f": {labels.topic(titles, one.topic)}" if one.topic and one.topic != OUTSIDE else ""
    return f"{short_day(one.at)}, {channel}; {why}{topic}"


def _topics(visit: StaffRequest, form: Propose) -> Propose:
    titles = visit.desk.wording
    offered = [(topic, titles.title(topic)) for topic in titles.topics() if titles.title(topic)]
    form.topic.choices = [("", "Choose a topic"), (OUTSIDE, labels.OUT_OF_SCOPE), *sorted(offered, key=lambda t: t[1])]
    return form


def _propose_page(visit: StaffRequest, form: Propose, questions: list[int], status: int = 200) -> Response:
    return visit.page("staff/questions_propose.html", {"form": _topics(visit, form), "questions": questions}, status)
