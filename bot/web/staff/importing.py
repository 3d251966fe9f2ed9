"""Importing CSV files: checked first and shown, then, once that was confirmed, kept. The checks are the command's."""

from starlette.responses import Response
from starlette.routing import Route

from bot.records.outcomes import Role
from bot.records.staff import importing
from bot.records.staff.importing import NAMES, Tried
from bot.web.frontend.forms import FILE
from bot.web.staff.desk import DONE, Desk, Visit

PATH = "/staff/import"
DONE["imported"] = "The files are imported."
_SHOWN = 200
"""Problems that are shown; the rest is counted."""


def routes(desk: Desk) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/import", show, role=Role.MANAGER),
        desk.uploading_route("/import", check, Role.MANAGER),
        desk.uploading_route("/import/confirm", keep, Role.MANAGER),
    ]


def show(visit: Visit) -> Response:
    """Ask for the files."""
    return visit.page("staff/import.html", {"names": NAMES, "tried": None})


def check(visit: Visit) -> Response:
    """Show what an import of the files would do, or everything that is wrong with them."""
    return _page(visit, _tried(visit, keep=False))


def keep(visit: Visit) -> Response:
    """Import the files: all of them, or, where something is wrong by now, nothing."""
    tried = _tried(visit, keep=True)
    return _page(visit, tried) if tried.done.problems.count else visit.go(PATH, "imported")


def _tried(visit: Visit, *, keep: bool) -> Tried:
    programme = visit.desk.settings.programme
    return importing.run(visit.connection, visit.member, programme, _files(visit), visit.now, keep=keep)


def _files(visit: Visit) -> dict[str, str]:
    """Return the texts of the files by their names; a browser may put a folder before a name."""
    sent = {name.removeprefix(FILE): text for name, text in visit.form.items() if name.startswith(FILE)}
    return {name.replace("\\", "/").rpartition("/")[2]: text for name, text in sent.items()}


def _page(visit: Visit, tried: Tried) -> Response:
    problems = tried.done.problems
    values = {
        "names": NAMES,
        "tried": tried,
        "problems": problems.found[:_SHOWN],
        "count": problems.count,
        "files": _files(visit) if not problems.count else {},
        "prefix": FILE,
        "faults": [{"text": "Nothing was imported: see below what is wrong"}] if problems.count else [],
    }
    return visit.page("staff/import.html", values, 400 if problems.count else 200)
