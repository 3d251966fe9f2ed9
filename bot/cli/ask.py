"""Answers questions from standard input as JSON objects, for programs."""

import io
import json
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from bot import bootstrap
from bot.cli.loading import loaded, shown
from bot.cli.speakers import AskedQuestion, Speakers
from bot.conversation.handler import MessageHandler
from bot.messages import Answer, ReplyFormat
from bot.settings import Settings


async def ask(settings: Settings, *, as_json: bool, speaker: str | None, now: str | None, channel: ReplyFormat) -> None:
    """Answer each line of standard input with one JSON object on standard output."""
    output, sys.stdout = sys.stdout, sys.stderr  # standard output carries the objects only
    if isinstance(output, io.TextIOWrapper):  # a lone surrogate has no UTF-8, but JSON writes it as \ud83d
        output.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        record = bootstrap.database(settings)
        conversation = loaded(settings, record)
        speakers = Speakers(record, speaker, now)
        for question in _questions(sys.stdin.buffer, as_json=as_json):
            written = (
                question if isinstance(question, dict) else await _asked(conversation, question, speakers, channel)
            )
            output.write(json.dumps(written, ensure_ascii=False) + "\n")
            output.flush()
    finally:
        sys.stdout = output


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
    conversation: MessageHandler, question: AskedQuestion, speakers: Speakers, reply_format: ReplyFormat
) -> dict[str, Any]:
    try:
        message = speakers.message(question, reply_format)
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
        "replies": [shown(reply) for reply in answer.replies],
        "ms": round(milliseconds, 2),
    }
