"""Questions whose answers did not help, as visitors said at the screen: by topic, for somebody to deal with."""

from collections import defaultdict

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.records import audit, feedback
from bot.records.feedback import Question
from bot.records.outcomes import Role
from bot.web.frontend.paging import paged
from bot.web.staff.desk import DONE, Desk, Visit

PATH = "/staff/questions"
DONE["settled"] = "The question is dealt with, and forgotten."


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/questions", show, role=Role.MANAGER),
        desk.route("/questions/{question:int}/settle", settle, ["POST"], role=Role.MANAGER),
    ]


def show(visit: Visit) -> Response:
    """Show the questions."""
    page = paged(feedback.unhelpful(visit.connection), visit.request.query_params.get("page", ""))
    audit.note(visit.connection, visit.now, visit.member.actor, "questions read")
    topics: dict[str, list[Question]] = defaultdict(list)
    for question in page.items:
        topics[question.topic].append(question)
    words = visit.desk.wording
    shown = [
        (words.title(topic) or topic.replace("_", " "), words.section(topic), own) for topic, own in topics.items()
    ]
    shown.sort(key=lambda one: -len(one[2]))
    return visit.page("staff/questions.html", {"topics": shown, "page": page, "links": page.links(f"{PATH}?page=")})


def settle(visit: Visit) -> Response:
    """Forget a question that is dealt with."""
    if not feedback.settle(visit.connection, visit.number("question")):
        raise HTTPException(404)
    audit.note(visit.connection, visit.now, visit.member.actor, "question settled")
    return visit.go(PATH, "settled")
