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
from bot.web.staff import labels
from bot.web.staff.desk import FLASH_MESSAGES, NOT_DONE, StaffApp, StaffRequest
from bot.web.staff.questions import PATH as QUESTIONS

PATH = f"{QUESTIONS}/proposals"
FLASH_MESSAGES["approved"] = "The questions are approved. They are learnt with the next training."
FLASH_MESSAGES["refused"] = "The proposal is refused."
FLASH_MESSAGES["taken_back"] = "The approval is taken back."
FLASH_MESSAGES["training"] = "A training is asked for."
NOT_DONE["training_already"] = "A training is under way already."
NOT_DONE["wait"] = "A training is under way: wait until it has ended."
NOT_DONE["own"] = "Somebody else decides on what you proposed."
_SHOWN = 30


class Refuse(Form):
    """Why something is not to be learnt."""

    reason = StringField("Why not", [DataRequired("Enter why not"), Length(max=200)])


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    one = "/questions/proposals/{proposal:int}"
    return [
        desk.route("/questions/proposals", show, role=Role.MANAGER),
        desk.route(f"{one}/approve", approve, ["POST"], role=Role.MANAGER),
        desk.route(f"{one}/refuse", ask_why, role=Role.MANAGER),
        desk.route(f"{one}/refuse", refuse, ["POST"], role=Role.MANAGER),
        desk.route(f"{one}/take-back", take_back, ["POST"], role=Role.MANAGER),
        desk.route("/questions/train", train, ["POST"], role=Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Show what waits for a decision, what is decided, and how the last training went."""
    connection, state = visit.connection, ProposalState
    trained = trainings.latest(connection)
    values = {
        "waiting": proposals.in_state(connection, state.PROPOSED),
        "decided": proposals.in_state(connection, *(s for s in state if s is not state.PROPOSED), most=_SHOWN),
        "states": labels.PROPOSALS,
        "names": {member.actor: member.name for member in members.members(connection)},
        "title": lambda topic: labels.topic(visit.desk.wording.title, topic),
        "pending": trainings.pending_changes(connection),
        "training": trained[0] if trained else None,
        "said": labels.report(trained[0].report) if trained else [],
        "trainings": labels.TRAININGS,
    }
    audit.note(connection, visit.now, visit.member.actor, "proposals read")
    return visit.page("staff/proposals.html", values)


def approve(visit: StaffRequest) -> Response:
    """Approve a proposal, so that the next training learns its questions."""
    if trainings.under_way(visit.connection):
        return visit.go(PATH, "wait")
    try:
        found = proposals.approve(visit.connection, visit.number("proposal"), visit.member.actor, visit.now)
    except OwnProposalError:
        return visit.go(PATH, "own")
    _note(visit, found, "questions approved")
    return visit.go(PATH, "approved")


def ask_why(visit: StaffRequest) -> Response:
    """Ask why a proposal is refused."""
    return visit.page("staff/refuse.html", {"form": Refuse(), "proposal": _waiting(visit)})


def refuse(visit: StaffRequest) -> Response:
    """Refuse a proposal; the questions that it came from wait again."""
    waiting, form = _waiting(visit), Refuse(visit.form)
    if not form.validate():
        return visit.page("staff/refuse.html", {"form": form, "proposal": waiting}, 400)
    try:
        found = proposals.refuse(visit.connection, waiting.id, form.reason.data.strip(), visit.member.actor, visit.now)
    except OwnProposalError:
        return visit.go(PATH, "own")
    _note(visit, found, "questions refused")
    return visit.go(PATH, "refused")


def take_back(visit: StaffRequest) -> Response:
    """Take an approval back: the next training leaves the questions out."""
    if trainings.under_way(visit.connection):
        return visit.go(PATH, "wait")
    found = proposals.revoke(visit.connection, visit.number("proposal"), visit.now)
    _note(visit, found, "approval taken back")
    return visit.go(PATH, "taken_back")


def train(visit: StaffRequest) -> Response:
    """Ask for a training."""
    if not trainings.request(visit.connection, visit.member.actor, visit.now):
        return visit.go(PATH, "training_already")
    audit.note(visit.connection, visit.now, visit.member.actor, "training asked for")
    return visit.go(PATH, "training")


def _waiting(visit: StaffRequest) -> Proposal:
    found = proposals.one(visit.connection, visit.number("proposal"))
    if found is None or found.state is not ProposalState.PROPOSED:
        raise HTTPException(404)
    return found


def _note(visit: StaffRequest, found: Proposal | None, action: str) -> None:
    if found is None:
        raise HTTPException(404)
    audit.note(visit.connection, visit.now, visit.member.actor, action, detail=f"proposal {found.id}, {found.topic}")
