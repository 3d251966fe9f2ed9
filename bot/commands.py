"""What the command line does: each command takes the settings and its options, and returns the exit status."""

import argparse
import io
import json
import socket
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot import app, models
from bot.conversation import Conversation
from bot.messages import Answer, InboundMessage, Rendering, Reply
from bot.progress import Stages
from bot.settings import Settings, SettingsError

Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]


async def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Answer each line of standard input with one JSON object on standard output."""
    output, sys.stdout = sys.stdout, sys.stderr  # standard output carries the objects only
    if isinstance(output, io.TextIOWrapper):  # a lone surrogate has no UTF-8, but JSON writes it as \ud83d
        output.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        conversation = _loaded(settings)
        for question in _questions(sys.stdin.buffer, as_json=options.jsonl):
            written = question if isinstance(question, dict) else await _asked(conversation, question, options.channel)
            output.write(json.dumps(written, ensure_ascii=False) + "\n")
            output.flush()
    finally:
        sys.stdout = output
    return 0


async def chat(settings: Settings, options: argparse.Namespace) -> int:
    """Talk in the terminal until the end of input."""
    conversation = _loaded(settings)
    name = uuid.uuid4().hex
    print("Ask a question; an empty line or Ctrl-D ends.", file=sys.stderr)  # noqa: T201
    while text := _typed():
        answer = await conversation.handle(InboundMessage(name, text, options.channel))
        for reply in answer.replies:
            print(_shown(reply), end="\n\n")  # noqa: T201
    return 0


async def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted."""
    from bot.web.server import server

    listening = _listening(settings)
    with Stages(sys.stderr) as stages:
        models.ready(settings.models)
        stages.next("loading the bot")
        application = app.application(settings)
    print(f"Leafline is at http://{settings.host}:{settings.port}", file=sys.stderr)  # noqa: T201
    await server(application).serve([listening])
    return 0


async def train(settings: Settings, options: argparse.Namespace) -> int:
    """Train the model if it is missing or stale, and say where it is."""
    print(f"The model is up to date: {models.ready(settings.models)}", file=sys.stderr)  # noqa: T201
    return 0


COMMANDS: dict[str, Command] = {"ask": ask, "chat": chat, "serve": serve, "train": train}


@dataclass(frozen=True)
class Question:
    """One line of input, understood."""

    text: str
    conversation: str


def _listening(settings: Settings) -> socket.socket:
    """Take the port before anything slow begins, so that one already taken is said at once."""
    try:
        return socket.create_server((settings.host, settings.port))
    except OSError as error:
        where = f"port {settings.port} of {settings.host}"
        raise SettingsError(f"cannot serve on {where} ({error.strerror}): set LEAFLINE_PORT to a free one") from None


def _loaded(settings: Settings) -> Conversation:
    with Stages(sys.stderr) as stages:
        models.ready(settings.models)
        stages.next("loading the bot")
        return app.conversation(settings)


def _questions(lines: Iterable[bytes], *, as_json: bool) -> Iterator[Question | dict[str, Any]]:
    """Yield a question for each line, or, for a line that cannot be read, the error object to write for it."""
    for number, raw in enumerate(lines, 1):
        try:
            line = raw.decode("utf-8").rstrip("\r\n")
            yield _from_json(line) if as_json else Question(line, uuid.uuid4().hex)
        except ValueError as error:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            yield {"error": reason, "line": number}


def _from_json(line: str) -> Question:
    expected = 'expected an object like {"text": "what if I miss a session", "conversation": "a"}'
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg}): {expected}") from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError(f'no "text" that is a string: {expected}')
    name = given.get("conversation")
    if name is not None and not (isinstance(name, str) and name):
        raise ValueError(f'"conversation" is not a string with something in it: {expected}')
    return Question(given["text"], f"given:{name}" if name else uuid.uuid4().hex)


async def _asked(conversation: Conversation, question: Question, rendering: Rendering) -> dict[str, Any]:
    started = time.perf_counter()
    answer = await conversation.handle(InboundMessage(question.conversation, question.text, rendering))
    return _object(question.text, answer, (time.perf_counter() - started) * 1000)


def _object(text: str, answer: Answer, milliseconds: float) -> dict[str, Any]:
    return {
        "text": text,
        "topic": answer.topics[0] if answer.topics else None,
        "topics": list(answer.topics),
        "suggestions": list(answer.suggestions),
        "confidence": answer.confidence,
        "replies": [_shown(reply) for reply in answer.replies],
        "ms": round(milliseconds, 2),
    }


def _shown(reply: Reply) -> str:
    """Return ``reply`` as one text: what a screen shows beside it stands under it."""
    lines = [reply.text, *(f"[{button.title}]" for button in reply.buttons)]
    return "\n".join(lines)


def _typed() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
