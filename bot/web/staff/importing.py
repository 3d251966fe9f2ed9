"""Importing CSV files: checked first and shown, then, once that was confirmed, kept. The checks are the command's."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.records.enums import Role
from bot.records.importing import encoding, preview
from bot.records.importing.preview import ImportPreview, UploadedFile
from bot.records.importing.sheets import SHEETS
from bot.web.frontend.downloads import csv_file
from bot.web.frontend.forms import FILE
from bot.web.staff.app import StaffApp
from bot.web.staff.request import StaffRequest

PATH = "/staff/import"
_OTHERWISE = "Nothing was imported: the record has changed since you looked. See below what would change now"
_SHOWN = 200
"""Problems that are shown; the rest is counted."""


def routes(app: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        app.route("/import", show, auth=Role.MANAGER),
        app.route("/import/templates/{name}.csv", template, auth=Role.MANAGER),
        app.route("/import", check, ["POST"], auth=Role.MANAGER, upload=True),
        app.route("/import/confirm", keep, ["POST"], auth=Role.MANAGER, upload=True),
    ]


def show(request: StaffRequest) -> Response:
    """Ask for the files."""
    return request.render("staff/import.html", {"sheets": SHEETS, "tried": None})


def template(request: StaffRequest) -> Response:
    """Return an empty file with the columns of one kind, to be filled in with a spreadsheet."""
    name = f"{request.http.path_params['name']}.csv"
    for sheet in SHEETS:
        if sheet.name == name:
            return csv_file(name, [sheet.columns])
    raise HTTPException(404)


def check(request: StaffRequest) -> Response:
    """Show what an import of the files would do, or everything that is wrong with them."""
    files = _files(request)
    return _page(request, files, _tried(request, files)) if files else _nothing_chosen(request)


def keep(request: StaffRequest) -> Response:
    """Import the files: all of them, or nothing where something is wrong by now or changes otherwise than shown."""
    files = _files(request)
    if not files:
        return _nothing_chosen(request)
    tried = _tried(request, files, request.form.get("seal", ""))
    return request.redirect(PATH, "imported") if tried.kept else _page(request, files, tried, _OTHERWISE)


def _tried(request: StaffRequest, files: list[UploadedFile], seal: str | None = None) -> ImportPreview:
    programme = request.app.settings.programme
    return preview.run(request.connection, request.member, programme, files, request.now, seal=seal)


def _files(request: StaffRequest) -> list[UploadedFile]:
    """Return the files that were sent; a browser may put a folder before a name."""
    sent = [(name.removeprefix(FILE), text) for name, text in request.form.multi_items() if name.startswith(FILE)]
    return [
        UploadedFile(name.replace("\\", "/").rpartition("/")[2], text.encode("utf-8", "surrogateescape"))
        for name, text in sent
    ]


def _nothing_chosen(request: StaffRequest) -> Response:
    text = "Nothing was imported: choose one file or more first"
    values = {"sheets": SHEETS, "tried": None, "error_list": [{"text": text, "href": "#files"}]}
    return request.render("staff/import.html", {**values, "chosen": text}, 400)


def _page(request: StaffRequest, files: list[UploadedFile], tried: ImportPreview, refused: str = "") -> Response:
    problems, notes = tried.done.problems, tried.done.notes
    told = "Nothing was imported: see below what is wrong" if problems.count else refused
    values = {
        "sheets": SHEETS,
        "tried": tried,
        "problems": problems.found[:_SHOWN],
        "count": problems.count,
        "notes": notes.found[:_SHOWN],
        "notes_count": notes.count,
        "files": [(f"{FILE}{file.name}", _text(file)) for file in files] if not problems.count else [],
        "error_list": [{"text": told}] if told else [],
    }
    return request.render("staff/import.html", values, 400 if told else 200)


def _text(file: UploadedFile) -> str:
    """Return a file that could be read as text, for the page that asks whether to keep it."""
    return file.content.decode(encoding.of_bytes(file.content), "replace")
