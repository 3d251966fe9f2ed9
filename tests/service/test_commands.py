"""The command line, as a person or a program uses it: in a process of its own."""

import json
import os
import signal
import subprocess
import sys

import pytest

from bot.messages import ReplyFormat
from bot.replies import wording
from bot.settings import ROOT, Settings

pytestmark = pytest.mark.model  # the commands answer

KEYS = {"text", "topic", "topics", "suggestions", "confidence", "replies", "ms"}


def run(*arguments, given="", env=None):
    command = [sys.executable, "-m", "bot", *arguments]
    data = given if isinstance(given, bytes) else given.encode()
    return subprocess.run(command, input=data, capture_output=True, cwd=ROOT, env=env, timeout=200)


@pytest.fixture(scope="module")
def answers(bot):
    """The objects for a file of good and bad lines."""
    lines = [
        b'{"text": "What happens if I miss a session?", "conversation": "a"}',
        b'{"text": "and if I do it again?", "conversation": "a"}',
        b'{"text": "what times are the sessions and do we get a break?"}',
        b"not json",
        b'{"question": "x"}',
        b"[]",
        b'{"text": "hello", "conversation": 5}',
        b"\xff\xfe",
        b"",
        b'{"text": ""}',
        b'{"text": "\\ud83d"}',
        b'{"text": "thanks", "conversation": null}',
    ]
    done = run("ask", "--jsonl", given=b"\n".join(lines) + b"\n")
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done


def test_ask_writes_one_object_a_line_and_nothing_else(answers):
    objects, _ = answers
    assert len(objects) == 12
    assert all(set(o) == KEYS for o in objects if "error" not in o)


def test_ask_answers_in_order_and_the_same_conversation_goes_on(answers):
    objects, _ = answers
    assert [objects[0]["topic"], objects[1]["topic"], objects[11]["topic"]] == [
        "missed_session",
        "missed_session",
        "thanks",
    ]


def test_ask_lists_both_topics_of_a_double_question(answers):
    objects, _ = answers
    assert objects[2]["topics"] == ["session_times", "breaks"]
    assert len(objects[2]["replies"]) == 2


def test_a_bad_line_gets_an_error_object_that_says_what_was_expected_and_the_rest_goes_on(answers):
    objects, _ = answers
    bad = objects[3:9]
    assert [o["line"] for o in bad] == [4, 5, 6, 7, 8, 9]
    assert all("expected" in o["error"] or "UTF-8" in o["error"] for o in bad)


def test_ask_answers_in_easy_words(bot):
    done = run("ask", "--channel", "easy", given="what if i miss a session\n")
    (answer,) = [json.loads(line) for line in done.stdout.splitlines()]
    words = wording.load("isotp", "en").text("missed_session", ReplyFormat.EASY, **Settings().office)
    assert answer["replies"] == [words]


def test_plain_lines_are_questions_of_their_own(bot):
    done = run("ask", "--channel", "sms", given="is there a dress code\nwhat about evenings\n")
    first, second = (json.loads(line) for line in done.stdout.decode().splitlines())
    assert first["topic"] == "dress"
    assert second["text"] == "what about evenings"


def test_chat_answers_until_the_input_ends(bot):
    done = run("chat", given="what if i miss a session\n")
    assert b"catch-up" in done.stdout


def test_a_setting_that_cannot_be_used_is_named(bot):
    import os

    done = run("chat", env=os.environ | {"LEAFLINE_PORT": "high"})
    assert done.returncode == 2
    assert b"LEAFLINE_PORT is 'high': expected a number from 1 to 65535" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_in_one_line(bot):
    import os
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", env=os.environ | {"LEAFLINE_PORT": str(port)})
    assert done.returncode == 2
    assert f"port {port}".encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_ends_a_command_without_a_word():
    """Standard output is a pipe that nobody reads any more, as after `| head`."""
    command = [sys.executable, "-m", "bot", "schedule", "Evening group", "--start", "2026-12-01"]
    command += ["--weekdays", "tue", "--option", "evening"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, cwd=ROOT, timeout=100)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


def test_the_help_lists_every_command_without_loading_what_they_need():
    script = (
        "import sys\n"
        "from bot.__main__ import main\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'rasa', 'sqlalchemy', 'numpy', 'starlette', 'spacy', 'cryptography'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert done.returncode == 0, done.stderr
    commands = ["ask", "chat", "serve", "train", "import", "schedule", "demo", "link-code", "participant", "staff"]
    commands += ["rotate-key", "new-key"]
    assert [command for command in commands if f"│ {command} " not in done.stdout] == []
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("wrong", [[], ["sing"], ["schedule", "G"], ["ask", "--channel", "fax"], ["staff", "promote"]])
def test_a_command_that_does_not_exist_or_lacks_something_ends_with_2(wrong):
    done = run(*wrong)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_list_is_a_table_for_people_and_has_tabs_for_programs(monkeypatch, capsys, terminal):
    from bot.cli.console import put_rows

    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    put_rows(["Reference", "Name"], [("P00", "Sam [Invented]"), ("P01", "Jo")])
    written = capsys.readouterr().out
    assert ("Reference" in written) == terminal
    assert (written == "P00\tSam [Invented]\nP01\tJo\n") != terminal
    assert "Sam [Invented]" in written
