"""How many of the project's own functions one text message passes, from the gateway's call to the outbox.

A message passes a function that gets it, in one of its forms, as an argument, or returns it. Beside these, functions
are called that work on words, rows or numbers; all of them together are counted too.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.bootstrap import Bootstrap
from bot.dialogue.decision import BotResponse, Decision
from bot.messages import Answer, Arrival, InboundMessage, OutboundMessage, Reply
from bot.messaging.inbox import Claimed, InboxRow
from bot.messaging.tables import outbox
from bot.messaging.worker import Worker
from bot.settings import ROOT, Settings

MOST_PASSED, MOST_CALLED = 35, 350
"""A function that is called again is not counted again."""
FORMS = (Arrival, Claimed, InboxRow, InboundMessage, Decision, BotResponse, Answer, Reply, OutboundMessage)
COMPREHENSIONS = ("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")
"""Parts of the function around them; Python 3.11 runs them as functions of their own."""
OURS = tuple(str(ROOT / folder) + "/" for folder in ("bot", "actions"))
TOKEN = "a-token-of-the-gateway"


class Recorder:
    """Keeps which functions of the project are called, in the order of their first calls, in every thread."""

    def __init__(self):
        self.called, self.passed = {}, {}

    def __call__(self, frame, event, returned):
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(OURS):
            return
        if code.co_name in COMPREHENSIONS:
            return
        name = f"{Path(code.co_filename).relative_to(ROOT)}:{code.co_qualname}"
        self.called[name] = None
        if name not in self.passed:
            arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            given = [frame.f_locals.get(argument) for argument in arguments] if event == "call" else [returned]
            if any(isinstance(value, FORMS) for one in given for value in (one if type(one) is tuple else (one,))):
                self.passed[name] = None

    def __enter__(self):
        threading.setprofile(self)
        sys.setprofile(self)
        return self

    def __exit__(self, *_):
        sys.setprofile(None)
        threading.setprofile(None)


@pytest.fixture
def parts(bot, tmp_path):
    """The service with one gateway and the real bot, over an empty record; nothing runs beside the test."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/record.db",
        spool=tmp_path / "spool",
        kannel_url="http://127.0.0.1:1/sendsms",
        kannel_token=TOKEN,
        public_url="http://127.0.0.1:1",
        sms_sender="12345",
    )
    return Bootstrap(settings, handler=bot)


def ask(client, text, number):
    """Have the gateway deliver a message."""
    headers = {"content-type": "text/plain; charset=utf-8", "x-kannel-from": "+447700900321"}
    where = f"/webhooks/kannel?id={number}&token={TOKEN}"
    assert client.post(where, content=text.encode(), headers=headers).status_code == 200


def test_a_text_message_passes_few_functions(parts, loop, capsys):
    from starlette.applications import Starlette

    from bot.web.webhooks import routes

    runtime = parts.runtime
    client = TestClient(Starlette(routes=routes({"kannel": parts.gateways["kannel"].channel}, runtime.store, None)))
    worker = Worker(parts.database, parts.handler, runtime._routes, parts.clock, lambda: None)
    ask(client, "what should i wear", 1)  # what is loaded or worked out once is not counted
    loop.run(worker.handle_one())
    parts.database._threads = ThreadPoolExecutor(4)  # those of before are not recorded
    with Recorder() as recorder:
        ask(client, "what happens if i miss a session", 2)

        def handle():
            sys.setprofile(recorder)
            import asyncio

            assert asyncio.run(worker.handle_one())

        thread = threading.Thread(target=handle)
        thread.start()
        thread.join()
    with parts.database.reading() as connection:
        assert len(connection.execute(select(outbox)).all()) >= 2
    with capsys.disabled():
        print(f"\n{len(recorder.passed)} functions that a message passes, of {len(recorder.called)} that are called:")
        print("\n".join(recorder.passed))
    assert len(recorder.passed) <= MOST_PASSED
    assert len(recorder.called) <= MOST_CALLED
