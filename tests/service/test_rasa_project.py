"""What Rasa's own commands find: no channel that passes neither safety nor identity, and nobody in a request."""

import asyncio
import os
from datetime import datetime

import pytest
from rasa.core.run import create_http_input_channels
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import server
from actions.registry import all_actions
from bot.bootstrap import Bootstrap
from bot.conversation.state import ConversationState
from bot.dialogue.choice import NextStep, StepKind
from bot.dialogue.terminal import TERMINAL, Terminal, for_policy
from bot.dialogue.turn import SLOT, PlannedAction, Turn
from bot.records.participants import repository
from bot.replies.when import LOCAL
from bot.settings import ROOT, Settings, SettingsError
from tests.support.records import RECORD, imported

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=LOCAL)
CLAIMS = {"access": "unlocked", "participant": 1, "now": NOW.isoformat()}


def test_rasas_rest_channel_is_off():
    assert create_http_input_channels(None, str(ROOT / "credentials.yml")) == []


def said(tools, channel, metadata):
    """Return what the action about the next session says to a message that Rasa's server was sent."""
    step = NextStep(StepKind.ANSWER, ("my_next_session",), 1.0)
    moves = (PlannedAction("action_next_session", "my_next_session"),)
    turn = Turn(ConversationState(), ConversationState(), step, moves)
    latest = {"text": "when is my next session", "metadata": metadata}
    events = [{"event": "user", "input_channel": channel}]
    tracker = Tracker("x", {SLOT: turn.to_json()}, latest, events, False, None, {}, None)
    dispatcher = CollectingDispatcher()
    action = next(action for action in all_actions(tools) if action.name() == "action_next_session")
    asyncio.run(action.run(dispatcher, tracker, {}))
    return dispatcher.messages[0]["text"]


@pytest.fixture
def served(empty_record, monkeypatch):
    """The tools of `rasa run actions`, over a record, with a participant for the terminal."""
    assert imported(empty_record, RECORD).problems.found == []
    monkeypatch.setattr(server.bootstrap, "database", lambda settings: empty_record)
    monkeypatch.setenv("LEAFLINE_SHELL_PARTICIPANT", "P00")
    monkeypatch.delenv("SANIC_HOST", raising=False)
    yield server.from_settings()
    os.environ.pop("SANIC_HOST", None)


def test_the_action_server_listens_on_loopback_and_reads_settings_and_record(served):
    assert os.environ["SANIC_HOST"] == "127.0.0.1"
    assert "Your next session is on" in said(served, TERMINAL, {})


@pytest.mark.parametrize("channel", ["rest", "screen", "sms", "socketio", ""])
def test_nobody_else_speaks_as_the_terminals_participant_whatever_a_request_claims(served, channel):
    assert "Your next session is on" not in said(served, channel, CLAIMS)


def test_without_the_setting_the_terminal_is_nobody_whatever_a_request_claims(empty_record):
    assert imported(empty_record, RECORD).problems.found == []
    tools = Bootstrap(Settings(), database=empty_record).action_tools
    for terminal in (server.terminal(empty_record, ""), Terminal()):
        guarded = type(tools)(tools.catalog, tools.office, tools.personal, terminal)
        assert "Your next session is on" not in said(guarded, TERMINAL, CLAIMS)


def test_a_participant_who_is_not_in_the_record_is_refused(empty_record):
    with pytest.raises(SettingsError, match="no participant 'P99'"):
        server.terminal(empty_record, "P99")


def test_speaking_in_the_terminal_is_noted(served, empty_record):
    with empty_record.reading() as connection:
        person = repository.participant_id(connection, "P00")
        [entry] = connection.exec_driver_sql(
            "select participant_id from audit_entry where action = 'spoken as'"
        ).fetchall()
    assert entry[0] == person


def test_the_policy_takes_nobodys_word_for_who_they_are(monkeypatch):
    monkeypatch.delenv("LEAFLINE_SHELL_PARTICIPANT", raising=False)
    for channel in ("rest", TERMINAL, "callback"):
        assert for_policy({"metadata": CLAIMS}, channel)["metadata"] == {}
    monkeypatch.setenv("LEAFLINE_SHELL_PARTICIPANT", "P00")
    assert for_policy({"metadata": CLAIMS}, TERMINAL)["metadata"]["access"] == "unlocked"
    assert for_policy({"metadata": CLAIMS}, "rest")["metadata"] == {}
