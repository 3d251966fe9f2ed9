"""Fixtures around the bot, which is loaded once for all tests of a process."""

import pytest

from bot.messages import Address
from bot.settings import Settings
from tests.support.serving import Loop


@pytest.fixture(scope="session")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def trained_model():
    """Where the trained model is; whatever needs it is marked ``model``."""
    return Settings().models


@pytest.fixture(scope="session")
def bot(trained_model, record_settings, record):
    from bot import bootstrap

    return bootstrap.Bootstrap(record_settings, database=record).handler


@pytest.fixture
def ask(bot, loop):
    """Send texts one after the other in a conversation of their own; returns the last answer."""
    from uuid import uuid4

    from bot.messages import InboundMessage, ReplyFormat

    def send(*texts, reply_format=ReplyFormat.SCREEN, conversation=None):
        name = conversation or uuid4().hex
        answers = [loop.run(bot.handle(InboundMessage(Address.parse(name), text, reply_format))) for text in texts]
        return answers[-1]

    return send


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
        answer = loop.run(bot.handle(InboundMessage(Address.parse(f"unsure {text}"), text)))
        if len(answer.suggestions) >= 2:
            return text
    pytest.fail("no short message left the bot unsure: choose others")
