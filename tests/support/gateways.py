"""The SMS gateways as their providers call them, and a stand-in for a provider's own API."""

import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bot.database.engine import DatabaseError

PUBLIC = "https://bot.example.org"
KEY = "name-7c6e4a5e-26d1-4b1c-9ba6-7a4d2f7b1a11-0c2b6f0a-3f2f-4a2b-8d8f-5f6f0a1b2c3d"
"""One of the shape of GOV.UK Notify's, and nobody's."""


class Keeper:
    """Keeps what comes in; can be down."""

    def __init__(self):
        self.arrivals, self.receipts, self.down = [], [], False

    async def store(self, arrival):
        if self.down:
            raise DatabaseError("down")
        self.arrivals.append(arrival)

    async def note(self, receipt):
        self.receipts.append(receipt)


def twilio(client, fields, path="/webhooks/twilio", token="token", url=None):
    signature = RequestValidator(token).compute_signature(url or PUBLIC + path, fields)
    body = urlencode(fields)
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    return client.post(path, content=body, headers=headers)


def notify(client, given, path="/webhooks/notify", token="bearer-token"):
    content = given if isinstance(given, bytes) else json.dumps(given).encode()
    return client.post(path, content=content, headers={"authorization": f"Bearer {token}"})


def kannel(client, text="hello", token="a-token", **query):
    fields = {"token": token, "id": "uuid-1", "from": "07700900001"} | query
    return client.post(f"/webhooks/kannel?{urlencode(fields)}", content=text.encode())


@contextmanager
def stand_in(answer, headers=None, *, raw=False):
    """A provider's API on loopback: ``answer`` takes the request's path and body and gives status and JSON.

    ``headers`` gets each request's; bodies are kept as bytes where they are asked for ``raw``.
    """
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            body = body if raw else body.decode()
            seen.append((self.path, body))
            if headers is not None:
                headers.append(dict(self.headers.items()))
            status, given = answer(self.path, body)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            with suppress(BrokenPipeError):  # whoever asked has given up
                self.wfile.write(json.dumps(given).encode())

        do_GET = do_POST

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
