"""The HTTP server that the application runs in."""

from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette


def server(application: Starlette, trusted_proxies: Sequence[str] = ()) -> uvicorn.Server:
    """Return a server for ``application``; its ``serve`` takes listening sockets.

    X-Forwarded-For and X-Forwarded-Proto are believed only of ``trusted_proxies``: anybody can write them.
    """
    # Access logs would carry addresses, and the project's own logging is set up already. No page uses WebSockets;
    # uvicorn's support for them does not load beside the release that Rasa pins.
    config = uvicorn.Config(
        application,
        access_log=False,
        log_config=None,
        ws="none",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
    )
    return uvicorn.Server(config)
