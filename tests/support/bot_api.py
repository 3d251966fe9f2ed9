"""A Bot API server on loopback, as far as the documented API is used: long polling, webhook, refusals, and chats.

It holds one bot. ``say`` and the like put updates in; ``sent`` is what the bot sent, in order.
"""

import contextlib
import email
import itertools
import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # the shape of one, and nobody's
ME = {"id": 110201543, "is_bot": True, "first_name": "Desk", "username": "desk_test_bot"}
_SOMEBODY, _NUMBERS = itertools.count(700_900_001), itertools.count(500)  # unique, as Telegram's are


class BotApi:
    """One bot's side of Telegram."""

    def __init__(self):
        self.somebody = next(_SOMEBODY)
        self.calls = []
        self.sent = []
        self.refusals = []
        self.commands = None
        self.webhook = None
        self.webhook_answers = []
        self.before_answer = None
        self._updates = []
        self._messages = itertools.count(1)
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    # What people do

    def say(self, text, chat=None, **more):
        return self.update({"message": self.message(chat, text=text, **more)})

    def edit(self, text, chat=None):
        return self.update({"edited_message": self.message(chat, text=text, edit_date=int(time.time()))})

    def tap(self, data, chat=None, *, old=False):
        chat = chat or self.somebody
        shown = {"chat": self.chat(chat), "message_id": 1, "date": 0} if old else self.message(chat, text="Which?")
        query = {"id": str(next(_NUMBERS)), "from": self.person(chat), "chat_instance": "1", "data": data}
        return self.update({"callback_query": query | {"message": shown}})

    def update(self, content):
        update = {"update_id": next(_NUMBERS)} | content
        if self.webhook:
            self.webhook_answers.append(self._call_webhook(update))
        else:
            with self._changed:
                self._updates.append(update)
                self._changed.notify_all()
        return update

    def message(self, chat=None, **content):
        chat = chat or self.somebody
        return {
            "message_id": next(self._messages),
            "date": int(time.time()),
            "chat": self.chat(chat),
            "from": self.person(chat),
        } | content

    @staticmethod
    def chat(chat):
        if chat < 0:
            return {"id": chat, "type": "supergroup", "title": "A group"}
        return {"id": chat, "type": "private", "first_name": "Ada"}

    @staticmethod
    def person(chat):
        return {"id": abs(chat), "is_bot": False, "first_name": "Ada"}

    # What the bot did

    def texts(self, chat=None):
        chat = str(chat or self.somebody)
        return [call.get("text") or call.get("caption") for call in self.sent if call["chat_id"] == chat]

    def wait(self, count, seconds=20):
        """Wait until so many messages were sent."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.sent) >= count, seconds):
                raise AssertionError(f"{len(self.sent)} messages were sent, expected {count}: {self.sent}")
        return self.sent

    def wait_for(self, method, count=1, seconds=20):
        """Wait until ``method`` was called so often; return the calls."""

        def calls():
            return [fields for name, fields in self.calls if name == method]

        with self._changed:
            if not self._changed.wait_for(lambda: len(calls()) >= count, seconds):
                raise AssertionError(f"{method} was called {len(calls())} times, expected {count}")
        return calls()

    # The API

    def getme(self, fields):
        return ME

    def getupdates(self, fields):
        offset, until = int(fields.get("offset", 0)), time.monotonic() + float(fields.get("timeout", 0))
        with self._changed:
            self._updates = [u for u in self._updates if u["update_id"] >= offset]
            while not self._updates and time.monotonic() < until:
                self._changed.wait(until - time.monotonic())
            return self._updates[:100]

    def setmycommands(self, fields):
        self.commands = {c["command"]: c["description"] for c in json.loads(fields["commands"])}
        return True

    def setwebhook(self, fields):
        self.webhook = fields
        return True

    def deletewebhook(self, fields):
        self.webhook = None
        return True

    def sendmessage(self, fields):
        return self._took(fields, {"text": fields["text"]})

    def senddocument(self, fields):
        return self._took(fields, {"caption": fields.get("caption", "")})

    def sendchataction(self, fields):
        return True

    def answercallbackquery(self, fields):
        return True

    def deletemessage(self, fields):
        return True

    def _took(self, fields, content):
        with self._changed:
            self.sent.append(fields | {"at": time.monotonic()})
            self._changed.notify_all()
        chat = int(fields["chat_id"])
        return {"message_id": next(self._messages), "date": 0, "chat": self.chat(chat), "from": ME} | content

    def _answered(self, path, fields):
        """Return the status and the body for a call."""
        _, bot, method = path.split("?")[0].split("/")
        if bot != f"bot{TOKEN}":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        with self._changed:
            self.calls.append((method.lower(), fields))
            self._changed.notify_all()
            refused = next((r for r in self.refusals if r[0] == method.lower()), None)
            if refused:
                self.refusals.remove(refused)
        if refused:
            _, status, description, parameters = refused
            body = {"ok": False, "error_code": status, "description": description}
            return status, body | ({"parameters": parameters} if parameters else {})
        result = getattr(self, method.lower())(fields)
        if self.before_answer:
            self.before_answer(method.lower())
        return 200, {"ok": True, "result": result}

    def refuse(self, method, status, description, **parameters):
        """Refuse the next call of ``method``."""
        self.refusals.append((method.lower(), status, description, parameters))

    def _call_webhook(self, update):
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": self.webhook["secret_token"]}
        request = urllib.request.Request(self.webhook["url"], json.dumps(update).encode(), headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def _handler(self):
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, answer = api._answered(self.path, _fields(self.headers.get("content-type", ""), body))
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # whoever asked has given up waiting
                    self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        return Handler


def _fields(content_type, body):
    if not content_type.startswith("multipart/"):
        return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    message = email.message_from_bytes(f"content-type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    fields = {}
    for part in message.iter_parts():
        name, file = part.get_param("name", header="content-disposition"), part.get_filename()
        content = part.get_payload(decode=True).decode()
        fields[name] = {"name": file, "content": content} if file else content
    return fields


@contextmanager
def bot_api():
    """Run one."""
    api = BotApi()
    try:
        yield api
    finally:
        api.close()
