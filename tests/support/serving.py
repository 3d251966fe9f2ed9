"""An event loop and a web server beside the tests' own thread."""

import asyncio
import socket
import threading
from contextlib import contextmanager


class Loop:
    """An event loop in a thread of its own: a browser's own loop may occupy the tests' thread."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine, seconds=200):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@contextmanager
def listening(application, trusted_proxies=()):
    """Serve ``application`` on a free port, in a thread of its own; give its address."""
    from bot.web.server import server

    socket_ = socket.create_server(("127.0.0.1", 0))
    serving = server(application, trusted_proxies)
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve([socket_])), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{socket_.getsockname()[1]}"
    serving.should_exit = True
    thread.join(10)
