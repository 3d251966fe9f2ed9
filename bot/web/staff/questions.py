"""Questions that the bot could not answer or whose answers did not help: alike together, to be taught or settled."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired

from bot.records.enums import ProposalState, ReviewReason, Role
from bot.review import cluster_pages, review_queue, weeks
from bot.review.review_queue import ReviewQuestion
from bot.training import proposals, trainings
from bot.web.frontend.environment import short_day
from bot.web.frontend.forms import Form
from bot.web.frontend.paging import page_number, page_of
from bot.web.staff import labels
from bot.web.staff.app import StaffApp
from bot.web.staff.questions_propose import MOST, OUTSIDE, PATH, ProposeForm, propose_page
from bot.web.staff.request import StaffRequest

_GROUPS, _WEEKS = 20, 5
_ADD, _OUT, _SETTLE = "add", "outside", "settle"


class ChooseQuestionsForm(Form):
    """Asks which of the questions that are alike are meant."""

    chosen = SelectMultipleField(
        "Which of them", [InputRequired("Choose one question or more")], coerce=int, choices=[]
    )


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/questions", show, auth=Role.MANAGER),
        app.route("/questions/{question:int}", show_alike, auth=Role.MANAGER),
        app.route("/questions/{question:int}", choose, ["POST"], auth=Role.MANAGER),
    ]


def show(request: StaffRequest) -> Response:
    """Show the groups, the largest first."""
    asked, number = request.query("why"), page_number(request.query("page"))
    why = ReviewReason(asked) if asked in list(ReviewReason) else None
    groups, total = cluster_pages.clusters(request.connection, why, number, _GROUPS)
    request.note("questions read")
    page = page_of(groups, number, total, _GROUPS)
    titles = request.app.catalog.title
    values = {
        "page": page,
        "links": page.links(f"{PATH}?why={why.value if why else ''}&page="),
        "weeks": weeks.last(_WEEKS, request.now),
        "why": why,
        "whys": labels.WHYS,
        "topics": {q.topic: labels.topic(titles, q.topic) for group in groups for q in group.examples},
        "waiting": len(proposals.in_state(request.connection, ProposalState.PROPOSED)),
        "pending": trainings.pending_changes(request.connection),
    }
    return request.render("staff/questions.html", values)


def show_alike(request: StaffRequest) -> Response:
    """Show the questions that are alike, to choose from."""
    found = _alike(request)
    return _alike_page(request, found, _choices(ChooseQuestionsForm(chosen=[one.id for one in found]), found))


def choose(request: StaffRequest) -> Response:
    """Settle the questions chosen, or go on to what they are to be learnt as."""
    found = _alike(request)
    form, what = _choices(ChooseQuestionsForm(request.form), found), request.form.get("do", "")
    if what not in (_ADD, _OUT, _SETTLE):
        raise HTTPException(400)
    if not form.validate():
        return _alike_page(request, found, form, 400)
    if what == _SETTLE:
        review_queue.dismiss(request.connection, form.chosen.data or [])
        request.note("questions settled")
        return request.redirect(PATH, "settled")
    chosen = review_queue.open_by_ids(request.connection, form.chosen.data or [])
    proposed = ProposeForm(words="\n".join(one.text for one in chosen), topic=OUTSIDE if what == _OUT else "")
    return propose_page(request, proposed, [one.id for one in chosen])


def _alike(request: StaffRequest) -> list[ReviewQuestion]:
    found = review_queue.similar_to(request.connection, request.number("question"), MOST)
    if not found:
        raise HTTPException(404)
    request.note("questions read")
    return found


def _choices(form: ChooseQuestionsForm, found: list[ReviewQuestion]) -> ChooseQuestionsForm:
    form.chosen.choices = [(one.id, one.text) for one in found]
    return form


def _alike_page(
    request: StaffRequest, found: list[ReviewQuestion], form: ChooseQuestionsForm, status: int = 200
) -> Response:
    titles = request.app.catalog.title
    chosen = set(form.chosen.data or ())
    items = [
        {"value": one.id, "text": f"“{one.text}”", "checked": one.id in chosen, "hint": {"text": _said(one, titles)}}
        for one in found
    ]
    values = {"form": form, "items": items, "most": MOST, "count": len(found), "number": request.number("question")}
    return request.render("staff/questions_alike.html", values, status)


def _said(one: ReviewQuestion, titles: "labels.Titles") -> str:
    channel, why = labels.channel(one.channel), labels.WHYS[one.why]
    topic = f": {labels.topic(titles, one.topic)}" if one.topic and one.topic != OUTSIDE else ""
    return f"{short_day(one.at)}, {channel}; {why}{topic}"
