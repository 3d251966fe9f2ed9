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
from bot.web.staff.desk import FLASH_MESSAGES, StaffApp, StaffRequest

PATH = "/staff/import"
FLASH_MESSAGES["imported"] = "The files are imported."
_OTHERWISE = "Nothing was imported: the record has changed since you looked. See below what would change now"
_SHOWN = 200
"""Problems that are shown; the rest is counted."""


def routes(desk: StaffApp) -> list[Route]:
    """Return the routes."""
    return [
        desk.route("/import", show, role=Role.MANAGER),
        desk.route("/import/templates/{name}.csv", template, role=Role.MANAGER),
        desk.uploading_route("/import", check, Role.MANAGER),
        desk.uploading_route("/import/confirm", keep, Role.MANAGER),
    ]


def show(visit: StaffRequest) -> Response:
    """Ask for the files."""
    return visit.page("staff/import.html", {"sheets": SHEETS, "tried": None})


def template(visit: StaffRequest) -> Response:
    """Return an empty file with the columns of one kind, to be filled in with a spreadsheet."""
    name = f"{visit.request.path_params['name']}.csv"
    for sheet in SHEETS:
        if sheet.name == name:
            return csv_file(name, [sheet.columns])
    raise HTTPException(404)


def check(visit: StaffRequest) -> Response:
    """Show what an import of the files would do, or everything that is wrong with them."""
    files = _files(visit)
    return _page(visit, files, _tried(visit, files)) if files else _nothing_chosen(visit)


def keep(visit: StaffRequest) -> Response:
    """Import the files: all of them, or nothing where something is wrong by now or changes otherwise than shown."""
    files = _files(visit)
    if not files:
        return _nothing_chosen(visit)
    tried = _tried(visit, files, visit.form.get("seal", ""))
    return visit.go(PATH, "imported") if tried.kept else _page(visit, files, tried, _OTHERWISE)


def _tried(visit: StaffRequest, files: list[UploadedFile], seal: str | None = None) -> ImportPreview:
    programme = visit.desk.settings.programme
    return preview.run(visit.connection, visit.member, programme, files, visit.now, seal=seal)


def _files(visit: StaffRequest) -> list[UploadedFile]:
    """Return the files that were sent; a browser may put a folder before a name."""
    sent = [(name.removeprefix(FILE), text) for name, text in visit.form.multi_items() if name.startswith(FILE)]
    return [
        UploadedFile(name.replace("\\", "/").rpartition("/")[2], text.encode("utf-8", "surrogateescape"))
        for name, text in sent
    ]


def _nothing_chosen(visit: StaffRequest) -> Response:
    text = "Nothing was imported: choose one file or more first"
    values = {"sheets": SHEETS, "tried": None, "faults": [{"text": text, "href": "#files"}]}
    return visit.page("staff/import.html", {**values, "chosen": text}, 400)


def _page(visit: StaffRequest, files: list[UploadedFile], tried: ImportPreview, refused: str = "") -> Response:
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
        "faults": [{"text": told}] if told else [],
    }
    return visit.page("staff/import.html", values, 400 if told else 200)


def _text(file: UploadedFile) -> str:
    """Return a file that could be read as text, for the page that asks whether to keep it."""
    return file.content.decode(encoding.of_bytes(file.content), "replace")
