"""Serves the pages and the gateways."""

import gc
import socket
import sys

from bot import bootstrap
from bot.cli.console import tell
from bot.cli.demonstration import first_people
from bot.settings import Settings, SettingsError
from bot.training import current_model
from bot.training.progress import Stages
from bot.web.server import server


async def serve(settings: Settings, *, with_people: bool) -> None:
    """Serve until interrupted; ``with_people`` fills an empty record first."""
    listening = _listening(settings)
    record = bootstrap.database(settings)
    if with_people:
        first_people(settings, record)
    with Stages(sys.stderr) as stages:
        current_model.model(settings, record)
        stages.next("loading the bot")
        application = bootstrap.Bootstrap(settings, database=record).application
    gc.freeze()  # the model and the word lists stay: looking through them for garbage again and again finds none
    tell(f"Leafline is at http://{settings.host}:{settings.port}")
    await server(application, settings.trusted_proxies).serve([listening])


def _listening(settings: Settings) -> socket.socket:
    """Take the port before anything slow begins, so that one already taken is said at once."""
    try:
        listening = socket.create_server((settings.host, settings.port))
    except OSError as error:
        where = f"port {settings.port} of {settings.host}"
        raise SettingsError(f"cannot serve on {where} ({error.strerror}): set LEAFLINE_PORT to a free one") from None
    # asyncio does this for sockets that it makes itself; without it a reply's last packet waits 40 ms for the first's
    # acknowledgement. Accepted connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
