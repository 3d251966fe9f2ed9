"""A form survives the end of a session: what was entered is kept, and stands in the page after signing in again."""

import re
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from bot.records.staff import kept_forms
from bot.records.staff.kept_forms import KeptForm
from bot.web import csrf
from bot.web.csrf import MemberFormToken
from bot.web.frontend.filling import fill
from bot.web.frontend.forms import FILE, Fields

PAGE_COOKIE = "staff-page"
"""Holds the address of the page to come back to: no more than the browser's history does."""
_SECRETS = frozenset({"password", "again", "new", "code", "fresh", "secret", "pin"})
_NEVER = (csrf.FIELD, "confirmed")
"""What is not put back: the token is the new page's, and what was to be confirmed is asked anew."""
_SECRET_PAGES = ("/staff/account", "/staff/sign-")
_LONGEST = 900_000
"""Characters: what is longer are files, which have to be chosen again."""
_ADDRESS = re.compile(r"/staff/[\w/?&=.%+-]{0,200}", re.ASCII)


def from_fields(sent_form: MemberFormToken, action: str, fields: Fields) -> KeptForm | None:
    """Return what is to be kept of a form; None for one that is about passwords and codes."""
    if action.startswith(_SECRET_PAGES) or not _ADDRESS.fullmatch(action):
        return None
    found = [(name, value) for name, value in fields.multi_items() if name not in _SECRETS and name != csrf.FIELD]
    found = [(name, value) for name, value in found if _is_text(value)]
    if sum(len(value) for _, value in found) > _LONGEST:
        found = [(name, value) for name, value in found if not name.startswith(FILE)]
    return KeptForm(sent_form.page, action, found)


def _is_text(value: str) -> bool:
    """Tell whether a value can be written into a page: bytes of a file that are no text cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def filled(response: Response, http: Request, form: KeptForm) -> Response | None:
    """Return the page with what was entered; None where it has no form to put it into."""
    html = fill(bytes(response.body).decode(), http.url.path, form.action, form.fields, _NEVER)
    return HTMLResponse(html, response.status_code) if html is not None else None


def texts(form: KeptForm) -> list[str]:
    """Return what was written in words, to be shown where there is no form for it any more."""
    return [value for name, value in form.fields if " " in value.strip() and not name.startswith(FILE)]


def files(form: KeptForm) -> list[str]:
    """Return the names of the files that were chosen."""
    return [name.removeprefix(FILE) for name, _ in form.fields if name.startswith(FILE)]


def address(http: Request, form: KeptForm) -> str | None:
    """Return the address to come back to: of the page that showed the form, else of the one that takes it."""
    candidates = (form.page, form.action)
    return next((path for path in candidates if is_page(http, path)), None)


def is_page(http: Request, path: str) -> bool:
    """Tell whether a browser can go to an address of ours."""
    if not _ADDRESS.fullmatch(path) and path != "/staff":
        return False
    scope = {"type": "http", "path": path.partition("?")[0], "method": "GET", "root_path": ""}
    for route in http.app.routes:
        if route.matches(scope)[0] is Match.FULL:
            return getattr(route, "name", "") not in ("nothing", "mount")
    return False


def remember(response: Response, path: str, *, secure: bool) -> None:
    """Have the browser hold the page to come back to, for as long as a form is kept."""
    seconds = int(kept_forms.LIFE.total_seconds())
    value = quote(path, safe="")
    response.set_cookie(
        PAGE_COOKIE, value, max_age=seconds, path="/staff", httponly=True, samesite="strict", secure=secure
    )


def remembered(http: Request) -> str | None:
    """Return the page to come back to."""
    path = unquote(http.cookies.get(PAGE_COOKIE, ""))
    return path if path and is_page(http, path) else None
