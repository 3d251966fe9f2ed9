"""One request of a member of staff, as a page gets it: in its transaction, with whoever is signed in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.messages import Answer
from bot.records import audit
from bot.records.staff.kept_forms import KeptForm
from bot.records.staff.members import Member
from bot.web import csrf
from bot.web.csrf import MemberFormToken
from bot.web.request_context import RequestContext
from bot.web.staff import restored_forms
from bot.web.staff.flash_messages import flash_messages
from bot.web.staff.navigation import PAGES

if TYPE_CHECKING:
    from bot.web.staff.app import StaffApp


@dataclass(frozen=True, kw_only=True)
class StaffRequest(RequestContext):
    """One request, in its transaction."""

    app: "StaffApp"
    connection: Connection
    user: Member | None = None
    """Who is signed in, if anybody is."""
    answer: Answer | None = None
    """What the bot answered, on the page that asks it."""
    sent_form: MemberFormToken | None = None
    """Which form of which member was sent."""
    kept: KeptForm | None = None
    """What the member had entered on this page when the session before this one ended."""
    kept_is_lost: bool = False
    """Whether the page no longer has a form to put that into."""

    @property
    def member(self) -> Member:
        """Who is signed in, on a page that asks for it; raise HTTPException 403 where nobody is."""
        if self.user is None:
            raise HTTPException(403)
        return self.user

    def template_context(self) -> dict[str, Any]:
        """Return what every template gets."""
        done = flash_messages().find(self.query("done"))
        return {
            **super().template_context(),
            "member": self.user,
            "form_token": self._form_token(),
            "kept": self.kept,
            "kept_lost": self.kept_is_lost,
            "kept_texts": restored_forms.texts(self.kept) if self.kept and self.kept_is_lost else [],
            "kept_files": restored_forms.files(self.kept) if self.kept and not self.kept_is_lost else [],
            "pages": [(text, href) for text, href, role in PAGES if self.user and self.user.may(role)],
            "flash": done,
        }

    def redirect(self, path: str, flash: str = "") -> Response:
        """Return a redirect; raise KeyError where data/staff/flash.yml has no message with the key ``flash``."""
        if flash:
            flash_messages().check(flash)
        return super().redirect(path, flash)

    def note(self, action: str, participant_id: int | None = None, detail: str = "") -> None:
        """Note in the audit trail what the member does; kept with the transaction."""
        audit.note(self.connection, self.now, self.member.actor, action, participant_id, detail)

    def note_reading(self, action: str, people: Iterable[int], detail: str = "") -> None:
        """Note in the audit trail whom the member reads about."""
        audit.note_reading(self.connection, self.now, self.member.actor, action, people, detail)

    def _form_token(self) -> str:
        keyring, address = self.app.database.keyring, self.http.url
        if self.user is None:
            return csrf.for_cookie(keyring, self.token)
        query = "&".join(part for part in address.query.split("&") if part and not part.startswith("done="))
        return csrf.for_member(keyring, self.user.id, f"{address.path}?{query}" if query else address.path, self.now)


View = Callable[[StaffRequest], Response]
