"""All pages of staff, in the order in which they stand in the navigation."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.web.staff import (
    absences,
    account,
    alert,
    ask,
    audit,
    catch_up,
    figures,
    groups,
    importing,
    moving,
    participant,
    participants,
    proposals,
    questions,
    register,
    screens,
    sign_in,
    today,
)
from bot.web.staff.desk import StaffApp, StaffRequest

_MODULES = (
    today,
    alert,
    register,
    catch_up,
    participants,
    participant,
    absences,
    groups,
    moving,
    importing,
    ask,
    audit,
    questions,
    proposals,
    figures,
    screens,
    account,
    sign_in,
)


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes under /staff; an address that is none of them gets a page that says so."""
    pages = [page for module in _MODULES for page in module.routes(desk)]
    return [*pages, desk.open_route("/{rest:path}", nothing, ["GET", "POST"])]


def nothing(visit: StaffRequest) -> Response:
    """Say that there is no such page."""
    raise HTTPException(404)
