"""All pages of the kiosk."""

from starlette.routing import Route

from bot.web.kiosk import chat, display_options, messages, my_dates, set_up, sign_in
from bot.web.kiosk.app import KioskApp


def routes(app: KioskApp) -> list[Route]:
    """Return the routes."""
    return [
        route for module in (chat, messages, display_options, sign_in, my_dates, set_up) for route in module.routes(app)
    ]
