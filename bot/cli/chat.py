"""Talks in the terminal."""

import uuid

from bot.cli.console import put, tell
from bot.cli.loading import loaded, shown
from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.settings import Settings


async def chat(settings: Settings, channel: ReplyFormat) -> None:
    """Talk until an empty line or the end of input."""
    conversation = loaded(settings)
    address = Address(AddressKind.TERMINAL, uuid.uuid4().hex)
    tell("Ask a question; an empty line or Ctrl-D ends.")
    while text := _typed():
        answer = await conversation.handle(InboundMessage(address, text, channel))
        for reply in answer.replies:
            put(f"{shown(reply, numbered=len(reply.buttons) > 2)}\n")


def _typed() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
