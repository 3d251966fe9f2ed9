"""All pages of the screen."""

from starlette.routing import Route

from bot.web.kiosk import chat, look, mine, set_up, sign_in
from bot.web.kiosk.screen import Screen


def routes(screen: Screen) -> list[Route]:
    """Return the routes."""
    return [route for module in (chat, look, sign_in, mine, set_up) for route in module.routes(screen)]
