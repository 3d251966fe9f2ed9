"""The HTTP server that the application runs in."""

import uvicorn
from starlette.applications import Starlette


def server(application: Starlette) -> uvicorn.Server:
    """Return a server for ``application``; its ``serve`` takes listening sockets."""
    # Access logs would carry addresses, and the project's own logging is set up already. No page uses WebSockets;
    # uvicorn's support for them does not load beside the release that Rasa pins.
    return uvicorn.Server(uvicorn.Config(application, access_log=False, log_config=None, ws="none"))
