"""What staff would have the bot learn: decided by a second person, then trained, tried and switched to."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from wtforms.validators import DataRequired, Length

from bot.records import audit
from bot.records.enums import ProposalState, Role
from bot.records.staff import members
from bot.training import proposals, trainings
from bot.training.proposals import OwnProposalError, Proposal
from bot.web.frontend.forms import Form, StringField
from bot.web.staff import labels, training_labels
from bot.web.staff.app import StaffApp
from bot.web.staff.questions_propose import PATH as QUESTIONS
from bot.web.staff.request import StaffRequest

PATH = f"{QUESTIONS}/proposals"
_SHOWN = 30


class RefuseProposalForm(Form):
    """Asks why the questions are not to be learnt."""

    reason = StringField("Why not", [DataRequired("Enter why not"), Length(max=200)])


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    one = "/questions/proposals/{proposal:int}"
    return [
        app.route("/questions/proposals", show, auth=Role.MANAGER),
        app.route(f"{one}/approve", approve, ["POST"], auth=Role.MANAGER),
        app.route(f"{one}/refuse", ask_why, auth=Role.MANAGER),
        app.route(f"{one}/refuse", refuse, ["POST"], auth=Role.MANAGER),
        app.route(f"{one}/take-back", take_back, ["POST"], auth=Role.MANAGER),
        app.route("/questions/train", train, ["POST"], auth=Role.MANAGER),
    ]


def show(request: StaffRequest) -> Response:
    """Show what waits for a decision, what is decided, and how the last training went."""
    connection, state = request.connection, ProposalState
    trained = trainings.latest(connection)
    values = {
        "waiting": proposals.in_state(connection, state.PROPOSED),
        "decided": proposals.in_state(connection, *(s for s in state if s is not state.PROPOSED), most=_SHOWN),
        "states": labels.PROPOSALS,
        "names": {member.actor: member.name for member in members.members(connection)},
        "title": lambda topic: labels.topic(request.app.catalog.title, topic),
        "pending": trainings.pending_changes(connection),
        "training": trained[0] if trained else None,
        "said": training_labels.report(trained[0].report) if trained else [],
        "trainings": labels.TRAININGS,
    }
    audit.note(connection, request.now, request.member.actor, "proposals read")
    return request.render("staff/proposals.html", values)


def approve(request: StaffRequest) -> Response:
    """Approve a proposal, so that the next training learns its questions."""
    if trainings.under_way(request.connection):
        return request.redirect(PATH, "wait")
    try:
        found = proposals.approve(request.connection, request.number("proposal"), request.member.actor, request.now)
    except OwnProposalError:
        return request.redirect(PATH, "own")
    _note(request, found, "questions approved")
    return request.redirect(PATH, "approved")


def ask_why(request: StaffRequest) -> Response:
    """Ask why a proposal is refused."""
    return request.render("staff/refuse.html", {"form": RefuseProposalForm(), "proposal": _waiting(request)})


def refuse(request: StaffRequest) -> Response:
    """Refuse a proposal; the questions that it came from wait again."""
    waiting, form = _waiting(request), RefuseProposalForm(request.form)
    if not form.validate():
        return request.render("staff/refuse.html", {"form": form, "proposal": waiting}, 400)
    try:
        found = proposals.refuse(
            request.connection, waiting.id, form.reason.data.strip(), request.member.actor, request.now
        )
    except OwnProposalError:
        return request.redirect(PATH, "own")
    _note(request, found, "questions refused")
    return request.redirect(PATH, "refused")


def take_back(request: StaffRequest) -> Response:
    """Take an approval back: the next training leaves the questions out."""
    if trainings.under_way(request.connection):
        return request.redirect(PATH, "wait")
    found = proposals.revoke(request.connection, request.number("proposal"), request.now)
    _note(request, found, "approval taken back")
    return request.redirect(PATH, "taken_back")


def train(request: StaffRequest) -> Response:
    """Ask for a training."""
    if not trainings.request(request.connection, request.member.actor, request.now):
        return request.redirect(PATH, "training_already")
    request.note("training asked for")
    return request.redirect(PATH, "training")


def _waiting(request: StaffRequest) -> Proposal:
    found = proposals.one(request.connection, request.number("proposal"))
    if found is None or found.state is not ProposalState.PROPOSED:
        raise HTTPException(404)
    return found


def _note(request: StaffRequest, found: Proposal | None, action: str) -> None:
    if found is None:
        raise HTTPException(404)
    request.note(action, detail=f"proposal {found.id}, {found.topic}")
