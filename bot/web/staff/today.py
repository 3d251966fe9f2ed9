"""Today: the first page."""

from starlette.responses import Response
from starlette.routing import Route

from bot.web.staff.desk import Desk, Visit


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [desk.route("", show)]


def show(visit: Visit) -> Response:
    """Show the page."""
    return visit.page("staff/today.html", {})
