"""One request at the kiosk, as a page gets it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from bot.messages import Address, ReplyFormat
from bot.records.enums import Access
from bot.web import csrf
from bot.web.frontend import cookies
from bot.web.kiosk.visits import address_of
from bot.web.request_context import RequestContext

if TYPE_CHECKING:
    from bot.web.kiosk.app import KioskApp

OPTIONS_COOKIE = "look"
EASY = "easy"
DISPLAY_OPTIONS = ("large", "contrast", EASY)
"""What a visitor can choose: larger text, black and yellow, and answers in easy words."""


@dataclass(frozen=True, kw_only=True)
class KioskRequest(RequestContext):
    """One request of one visitor."""

    app: "KioskApp"
    follows_another: bool = False
    """Whether the browser still holds what an earlier visitor chose, whose visit ended by itself."""
    chosen: tuple[str, ...] | None = None
    """What was chosen just now, which the browser does not hold yet."""

    @property
    def address(self) -> Address:
        """The address that the visitor is known by."""
        return address_of(self.token)

    @property
    def display_options(self) -> tuple[str, ...]:
        """What the visitor chose of :data:`DISPLAY_OPTIONS`."""
        if self.chosen is not None or self.follows_another:
            return self.chosen or ()
        name = cookies.name_of(OPTIONS_COOKIE, "/", secure=self.app.settings.secure_cookies)
        given = self.http.cookies.get(name, "").split(".")
        return tuple(option for option in DISPLAY_OPTIONS if option in given)

    @property
    def reply_format(self) -> ReplyFormat:
        """The form in which the visitor wants answers."""
        return ReplyFormat.EASY if EASY in self.display_options else ReplyFormat.SCREEN

    def template_context(self) -> dict[str, Any]:
        """Return what every template gets."""
        return {
            **super().template_context(),
            "form_token": csrf.for_cookie(self.app.database.keyring, self.token),
            "office": self.app.settings.office,
            "display_options": self.display_options,
        }

    def with_session_cookie(self, response: Response) -> Response:
        """Have the browser hold this visit, and nothing that an earlier visitor chose."""
        if self.follows_another:
            cookies.drop(response, OPTIONS_COOKIE, "/", secure=self.app.settings.secure_cookies)
        return self.app.put_cookie(response, self.token)

    async def page(self, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        """Return a page, and keep the visitor's record open for as long as somebody is there."""
        caller = await self.app.sessions.extend(self.token, self.now)
        return self.render(template, {"signed_in": caller.access is Access.UNLOCKED, **values}, status)


View = Callable[[KioskRequest], Awaitable[Response]]
