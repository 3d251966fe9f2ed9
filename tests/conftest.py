"""What several tests share: the bot, loaded once, and what to do where a component is missing."""

import asyncio
import os
import shutil
import threading

import pytest

from bot import logs

logs.configure()


class Loop:
    """An event loop in a thread of its own: a browser's own loop may occupy the tests' thread."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(200)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@pytest.fixture(scope="session")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def bot():
    from bot import app
    from bot.settings import Settings

    return app.conversation(Settings())


@pytest.fixture
def ask(bot, loop):
    """Send texts one after the other in a conversation of their own; returns the last answer."""
    from uuid import uuid4

    from bot.messages import InboundMessage, Rendering

    def send(*texts, rendering=Rendering.SCREEN, conversation=None):
        name = conversation or uuid4().hex
        answers = [loop.run(bot.handle(InboundMessage(name, text, rendering))) for text in texts]
        return answers[-1]

    return send


def needs(component, path):
    """Skip where ``component`` is missing; fail instead where everything has to be there."""
    if path:
        return path
    if os.environ.get("LEAFLINE_TEST_ALL"):
        pytest.fail(f"{component} is missing, and LEAFLINE_TEST_ALL asks for every test")
    pytest.skip(f"{component} is not installed")


@pytest.fixture(scope="session")
def chromium():
    return needs("Chromium", shutil.which("chromium") or shutil.which("chromium-browser"))


@pytest.fixture(scope="session")
def unsure(bot, loop):
    """A message that the bot asks back about, found among short ones rather than assumed."""
    from bot.messages import InboundMessage

    for text in (
        "sessions",
        "time",
        "officer",
        "how long",
        "weeks",
        "group",
        "the staff",
        "thrown off",
        "report",
        "meeting",
        "forms",
    ):
        answer = loop.run(bot.handle(InboundMessage(f"unsure {text}", text)))
        if len(answer.suggestions) >= 2:
            return text
    pytest.fail("no short message left the bot unsure: choose others")
