"""All pages of the screen."""

from starlette.routing import Route

from bot.web.kiosk import chat, display_options, my_dates, set_up, sign_in
from bot.web.kiosk.screen import KioskApp


def routes(screen: KioskApp) -> list[Route]:
    """Return the routes."""
    return [route for module in (chat, display_options, sign_in, my_dates, set_up) for route in module.routes(screen)]
