"""The commands that talk, and the training they need."""

import argparse
import io
import json
import socket
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot import bootstrap
from bot.cli.record import first_people, operator
from bot.conversation.handler import MessageHandler
from bot.database.engine import Database
from bot.messages import Address, AddressKind, Answer, InboundMessage, Reply, ReplyFormat
from bot.records import audit
from bot.records.importing import cells
from bot.records.participants import repository
from bot.settings import Settings, SettingsError
from bot.training import current_model, models
from bot.training.progress import Stages


async def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Answer each line of standard input with one JSON object on standard output."""
    output, sys.stdout = sys.stdout, sys.stderr  # standard output carries the objects only
    if isinstance(output, io.TextIOWrapper):  # a lone surrogate has no UTF-8, but JSON writes it as \ud83d
        output.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        record = bootstrap.database(settings)
        conversation = _loaded(settings, record)
        speakers = Speakers(record, options.speaker, options.now)
        for question in _questions(sys.stdin.buffer, as_json=options.jsonl):
            written = (
                question
                if isinstance(question, dict)
                else await _asked(conversation, question, speakers, options.channel)
            )
            output.write(json.dumps(written, ensure_ascii=False) + "\n")
            output.flush()
    finally:
        sys.stdout = output
    return 0


async def chat(settings: Settings, options: argparse.Namespace) -> int:
    """Talk in the terminal until the end of input."""
    conversation = _loaded(settings)
    address = Address(AddressKind.TERMINAL, uuid.uuid4().hex)
    print("Ask a question; an empty line or Ctrl-D ends.", file=sys.stderr)  # noqa: T201
    while text := _typed():
        answer = await conversation.handle(InboundMessage(address, text, options.channel))
        for reply in answer.replies:
            print(_shown(reply, numbered=len(reply.buttons) > 2), end="\n\n")  # noqa: T201
    return 0


async def serve(settings: Settings, options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted."""
    from bot.web.server import server

    listening = _listening(settings)
    record = bootstrap.database(settings)
    if options.demo:
        await first_people(settings, record)
    with Stages(sys.stderr) as stages:
        current_model.model(settings, record)
        stages.next("loading the bot")
        application = bootstrap.application(settings, record)
    print(f"Leafline is at http://{settings.host}:{settings.port}", file=sys.stderr)  # noqa: T201
    await server(application, settings.trusted_proxies).serve([listening])
    return 0


async def train(settings: Settings, options: argparse.Namespace) -> int:
    """Train the model if it is missing or stale, and say where it is."""
    print(f"The model is up to date: {models.ready(settings.models, settings.added)}", file=sys.stderr)  # noqa: T201
    return 0


@dataclass(frozen=True)
class AskedQuestion:
    """One line of input, understood."""

    text: str
    conversation: str
    speaker: str | None = None
    """The reference of the participant who is spoken as."""
    now: str | None = None
    """Local time."""


class Speakers:
    """Speaks as participants, by their references: each is noted in the audit trail the first time."""

    def __init__(self, record: Database, speaker: str | None, now: str | None) -> None:
        """Speak as ``speaker`` at ``now`` where a question says nothing else; raise SettingsError on unknown ones."""
        self._record = record
        self._speaker, self._now = speaker, now
        self._known: dict[str, int] = {}
        try:
            self.message(AskedQuestion("", ""), ReplyFormat.SCREEN)
        except ValueError as error:
            raise SettingsError(str(error)) from None

    def message(self, question: AskedQuestion, rendering: ReplyFormat) -> InboundMessage:
        """Return ``question`` as a message; raise ValueError for a reference or time that cannot be used."""
        speaker, now = question.speaker or self._speaker, question.now or self._now
        acting_as = self._participant(speaker) if speaker else None
        # Nobody goes on with what somebody else has said.
        conversation = f"{question.conversation}:{acting_as}" if acting_as else question.conversation
        address, at = Address.parse(conversation), _moment(now) if now else None
        return InboundMessage(address, question.text, rendering, acting_as, at)

    def _participant(self, reference: str) -> int:
        if reference not in self._known:
            with self._record.writing() as connection:
                found = repository.participant_id(connection, reference)
                if found is None:
                    raise ValueError(f"no participant {reference!r}: expected a reference of the record")
                audit.note(connection, datetime.now(UTC), operator(), "spoken as", found, "ask --as")
            self._known[reference] = found
        return self._known[reference]


def _moment(text: str) -> datetime:
    try:
        return cells.moment(text, "now")
    except cells.YearError:
        raise
    except ValueError:
        raise ValueError(f"now is {text!r}: expected local time like 2026-11-23T09:00") from None


def _listening(settings: Settings) -> socket.socket:
    """Take the port before anything slow begins, so that one already taken is said at once."""
    try:
        listening = socket.create_server((settings.host, settings.port))
    except OSError as error:
        where = f"port {settings.port} of {settings.host}"
        raise SettingsError(f"cannot serve on {where} ({error.strerror}): set LEAFLINE_PORT to a free one") from None
    # asyncio does this for sockets that it makes itself; without it a reply's last packet waits 40 ms for the first's
    # acknowledgement. Accepted connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _loaded(settings: Settings, record: Database | None = None) -> MessageHandler:
    record = record or bootstrap.database(settings)
    with Stages(sys.stderr) as stages:
        model = current_model.model(settings, record)
        stages.next("loading the bot")
        return bootstrap.conversation(settings, record, model)


def _questions(lines: Iterable[bytes], *, as_json: bool) -> Iterator[AskedQuestion | dict[str, Any]]:
    """Yield a question for each line, or, for a line that cannot be read, the error object to write for it."""
    for number, raw in enumerate(lines, 1):
        try:
            line = raw.decode("utf-8").rstrip("\r\n")
            yield _from_json(line) if as_json else AskedQuestion(line, uuid.uuid4().hex)
        except ValueError as error:
            reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            yield {"error": reason, "line": number}


def _from_json(line: str) -> AskedQuestion:
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
    for key in ("as", "now"):
        if given.get(key) is not None and not (isinstance(given[key], str) and given[key]):
            raise ValueError(f'"{key}" is not a string with something in it: {expected}')
    conversation = f"given:{name}" if name else uuid.uuid4().hex
    return AskedQuestion(given["text"], conversation, given.get("as"), given.get("now"))


async def _asked(
    conversation: MessageHandler, question: AskedQuestion, speakers: Speakers, rendering: ReplyFormat
) -> dict[str, Any]:
    try:
        message = speakers.message(question, rendering)
    except ValueError as error:
        return {"error": str(error), "text": question.text}
    started = time.perf_counter()
    answer = await conversation.handle(message)
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


def _shown(reply: Reply, *, numbered: bool = False) -> str:
    """Return ``reply`` as one text: what a screen shows beside it stands under it, numbered where a number picks it."""
    titles = [button.title for button in reply.buttons]
    lines = [f"{number}. {title}" if numbered else f"[{title}]" for number, title in enumerate(titles, 1)]
    lines.insert(0, reply.text)
    lines += [f"[{reply.file.name}]"] if reply.file else []
    return "\n".join(lines)


def _typed() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
