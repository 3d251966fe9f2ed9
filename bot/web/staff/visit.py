"""One request of a member of staff, as a page gets it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.messages import Answer
from bot.records.enums import Role
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.members import Member
from bot.web.frontend import csrf, forms
from bot.web.staff import form_tokens, restored_forms
from bot.web.staff.form_tokens import FormToken

if TYPE_CHECKING:
    from bot.web.staff.desk import StaffApp

HOME = "/staff"
SIGN_IN = f"{HOME}/sign-in"
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class StaffRequest:
    """One request, in its transaction."""

    request: Request
    connection: Connection
    token: str
    """The cookie's value, new where the browser brought none."""
    now: datetime
    form: forms.Fields
    """What was sent; empty for a page that is only looked at."""
    desk: "StaffApp"
    who: Member | None = None
    """Who is signed in, if anybody is."""
    answer: Answer | None = None
    """What the bot answered, on the page that asks it."""
    shown: FormToken | None = None
    """Which form of which member was sent."""
    kept: KeptForm | None = None
    """What the member had entered on this page when the session before this one ended."""
    lost: bool = False
    """Whether the page has no form any more to put that into."""

    @property
    def member(self) -> Member:
        """Who is signed in, on a page that asks for it."""
        if self.who is None:
            raise HTTPException(403)
        return self.who

    def number(self, name: str) -> int:
        """Return a number of the address; answer 404 to one that no row can have."""
        value = int(self.request.path_params[name])
        if value > _LARGEST_ID:
            raise HTTPException(404)
        return value

    def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """Show a page."""
        context = {
            "member": self.who,
            "form_token": self._form_token(),
            "kept": self.kept,
            "kept_lost": self.lost,
            "kept_texts": restored_forms.texts(self.kept) if self.kept and self.lost else [],
            "kept_files": restored_forms.files(self.kept) if self.kept and not self.lost else [],
            "path": self.request.url.path,
            "now": self.now,
            "pages": [(text, href) for text, href, role in PAGES if self.who and self.who.may(role)],
            "done": FLASH_MESSAGES.get(self.request.query_params.get("done", ""), ""),
            "not_done": NOT_DONE.get(self.request.query_params.get("done", ""), ""),
        }
        return HTMLResponse(self.desk.environment.get_template(template).render(**context, **values), status)

    def _form_token(self) -> str:
        keyring, address = self.desk.database.keyring, self.request.url
        if self.who is None:
            return csrf.token(keyring, self.token)
        asked = "&".join(part for part in address.query.split("&") if part and not part.startswith("done="))
        return form_tokens.make(keyring, self.who.id, f"{address.path}?{asked}" if asked else address.path, self.now)

    def go(self, path: str, done: str = "") -> Response:
        """Go on to another page once something is done; ``done`` is the key of what is told there."""
        return RedirectResponse(f"{path}?done={done}" if done else path, 303)


PAGES: tuple[tuple[str, str, Role], ...] = (
    ("Today", HOME, Role.FACILITATOR),
    ("Participants", f"{HOME}/participants", Role.FACILITATOR),
    ("Absences", f"{HOME}/absences", Role.FACILITATOR),
    ("Groups", f"{HOME}/groups", Role.FACILITATOR),
    ("Ask", f"{HOME}/ask", Role.FACILITATOR),
    ("Audit", f"{HOME}/audit", Role.MANAGER),
    ("Questions", f"{HOME}/questions", Role.MANAGER),
    ("Figures", f"{HOME}/figures", Role.MANAGER),
    ("Screens", f"{HOME}/screens", Role.ADMINISTRATOR),
)
"""The navigation: what it says, where it leads, and who may go there."""

View = Callable[[StaffRequest], Response]
FLASH_MESSAGES: dict[str, str] = {}
"""What pages tell after a change. The address carries only the key: it stays in histories and logs."""
NOT_DONE: dict[str, str] = {}
"""The same for what was not done, and must not look like a success."""
