"""What people write reaches no log, whoever writes the log, and no error page."""

import json
import os
import subprocess
import sys

import pytest

from bot.messages import Address
from bot.settings import ROOT

pytestmark = pytest.mark.model  # what answers writes them

CANARY = "zebedeecanary"
TEXTS = [
    f"{CANARY} what if i miss a session",
    f"/{CANARY}" + '{"x": "' + CANARY + '"}',
    f"i want to kill myself {CANARY}",
    f"{CANARY} " * 300,
    f"\ud83d{CANARY}",
    CANARY,
]


@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
def test_no_message_text_reaches_a_log(bot, level):
    given = "".join(json.dumps({"text": text, "conversation": CANARY}) + "\n" for text in TEXTS)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input=given.encode(), capture_output=True, cwd=ROOT, timeout=200,
        env=os.environ | {"LEAFLINE_LOG_LEVEL": level},
    )  # fmt: skip
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(TEXTS)
    assert CANARY not in done.stderr.decode()
    if level == "DEBUG":
        assert b"rasa" in done.stderr, "nothing was logged at all, so nothing was tested"


def test_an_error_is_logged_by_kind_and_place_without_its_text(bot, loop, capsys, monkeypatch):
    import logging

    from bot import logs
    from bot.messages import InboundMessage

    async def broken(*arguments):
        raise ValueError(f"could not read {CANARY}")

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(bot._dialogue._processor, "respond", broken)
    try:
        logs.configure()
        answer = loop.run(bot.handle(InboundMessage(Address.parse(CANARY), f"what if i miss {CANARY}")))
        written = capsys.readouterr().err
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert "DialogueError" in written
    assert CANARY not in written
    assert "could not answer" in answer.replies[0].text


def test_an_action_that_raises_gives_an_apology_with_the_offices_number_and_the_next_message_works(
    bot, loop, monkeypatch
):

    from actions.base import TurnAction
    from bot.messages import InboundMessage

    def broken(self, dispatcher, tracker, domain):
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(TurnAction, "run", broken)
        answer = loop.run(bot.handle(InboundMessage(Address.parse("unlucky"), "what if i miss a session")))
    assert "07700 900123" in answer.replies[0].text
    after = loop.run(bot.handle(InboundMessage(Address.parse("unlucky"), "what if i miss a session")))
    assert after.topics == ("missed_session",)
