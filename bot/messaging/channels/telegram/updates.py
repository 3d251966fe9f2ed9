"""From Telegram's updates to messages: text, commands, taps and edits; in groups only what is meant for the bot."""

import re
from collections.abc import Mapping
from dataclasses import replace

from telegram import Chat, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType, UpdateType

from bot.messages import Address, AddressKind, Arrival
from bot.messaging.channels.given import readable
from bot.text.clean import has_words

NAME = "telegram"
ALLOWED = [UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER]
"""What Telegram is asked for."""
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_PRESENT = ("member", "administrator")
_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]+)(?:@\w+)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
ALBUM = "album"
"""What the ids of an album's pictures begin with: all of them are one message."""


def arrival(update: Update, commands: Mapping[str, str], own_id: int, own_name: str) -> Arrival | None:
    """Return what ``update`` says as a message; None for one that is not for the bot to answer.

    ``commands`` maps "next" to the text that /next stands for. An edited message is a message: what was mended may be
    another question, or a cry for help.
    """
    if update.callback_query:
        query = update.callback_query
        chat = query.message.chat if query.message else None  # one too old to be shown still has its chat
        return _arrival(update, chat, None, query.data or "") if chat else None
    if update.my_chat_member:
        return _arrival(update, update.my_chat_member.chat, None, "") if _joined(update.my_chat_member) else None
    message = update.message or update.edited_message
    if message is None or (message.from_user and message.from_user.is_bot):
        return None
    text = message.text or message.caption
    if message.chat.type in _GROUPS and not _meant(message, text or "", own_id, own_name):
        return None
    if not text and message.media_group_id:
        return _picture(update, message)
    return _arrival(update, message.chat, message.message_id, _said(text, commands) if text else None)


def message_id(provider_id: str) -> int | None:
    """Return the id of the message within its chat, as :func:`arrival` noted it; None for a tap and for an album."""
    _, _, number = provider_id.partition("/")
    return int(number) if number else None


def _arrival(update: Update, chat: Chat, message: int | None, text: str | None) -> Arrival | None:
    if chat.type == ChatType.CHANNEL:
        return None
    provider_id = str(update.update_id) if message is None else f"{update.update_id}/{message}"
    public = chat.type in _GROUPS
    text = None if text is None else readable(text)
    return Arrival(
        NAME, provider_id, Address(AddressKind.TELEGRAM, str(chat.id)), text, public=public, order=update.update_id
    )


def _picture(update: Update, message: Message) -> Arrival | None:
    """Return a picture of an album without words: stored under the album's id, so that only the first is answered."""
    found = _arrival(update, message.chat, None, None)
    return replace(found, provider_id=f"{ALBUM} {message.chat.id} {message.media_group_id}") if found else None


def _joined(change: ChatMemberUpdated) -> bool:
    """Tell whether the bot was just taken into a group; in a private chat there is /start for that."""
    before, after = change.old_chat_member.status, change.new_chat_member.status
    return change.chat.type in _GROUPS and after in _PRESENT and before not in _PRESENT


def _meant(message: Message, text: str, own_id: int, own_name: str) -> bool:
    reply = message.reply_to_message
    answered = bool(reply and reply.from_user and reply.from_user.id == own_id)
    named = f"@{own_name}".lower() in text.lower()
    return answered or named or (text.startswith("/") and "@" not in text.split()[0])


def _said(text: str, commands: Mapping[str, str]) -> str:
    """Return the text that a command stands for. With words behind it, it is a word like any other.

    Who writes "/help i want to die" asks for no menu; a link that opens the chat sends "/start" and a link code.
    """
    found = _COMMAND.fullmatch(text.strip())
    name = found["name"].lower() if found else ""
    if found is None or name not in commands:
        return text
    return f"{name}{found['rest']}" if has_words(found["rest"]) else commands[name]
