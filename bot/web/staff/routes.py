"""All pages of staff, in the order in which they stand in the navigation."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.web.staff import (
    absences,
    account,
    alert,
    alert_actions,
    ask,
    audit,
    cancelling,
    catch_up,
    figures,
    groups,
    importing,
    moving,
    participant,
    participant_access,
    participants,
    proposals,
    questions,
    questions_propose,
    register,
    screens,
    sign_in,
    today,
)
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

_MODULES = (
    today,
    alert,
    alert_actions,
    register,
    catch_up,
    participants,
    participant,
    participant_access,
    absences,
    groups,
    moving,
    cancelling,
    importing,
    ask,
    audit,
    questions_propose,
    questions,
    proposals,
    figures,
    screens,
    account,
    sign_in,
)


def routes(app: StaffApp) -> list[Route]:
    """Return the routes under /staff; an address that is none of them gets a page that says so."""
    pages = [page for module in _MODULES for page in module.routes(app)]
    return [*pages, app.route("/{rest:path}", nothing, ["GET", "POST"], auth=None)]


def nothing(request: StaffRequest) -> Response:
    """Say that there is no such page."""
    raise HTTPException(404)
