"""From Telegram's updates to messages: text, commands, taps and edits; in groups only what is meant for the bot."""

from collections.abc import Mapping

from telegram import Chat, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType, UpdateType

from bot.messages import Arrival

NAME = "telegram"
ALLOWED = [UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER]
"""What Telegram is asked for."""
_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_PRESENT = ("member", "administrator")


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
    return _arrival(update, message.chat, message.message_id, _said(text, commands) if text else None)


def message_id(provider_id: str) -> int | None:
    """Return the id of the message within its chat, as :func:`arrival` noted it; None for a tap."""
    _, _, number = provider_id.partition("/")
    return int(number) if number else None


def _arrival(update: Update, chat: Chat, message: int | None, text: str | None) -> Arrival | None:
    if chat.type == ChatType.CHANNEL:
        return None
    provider_id = str(update.update_id) if message is None else f"{update.update_id}/{message}"
    public = chat.type in _GROUPS
    return Arrival(NAME, provider_id, str(chat.id), text, public=public, order=update.update_id)


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
    """Return the text that a command stands for; whatever else begins with a slash is ordinary text."""
    first, _, rest = text.partition(" ")
    name = first[1:].partition("@")[0].lower() if first.startswith("/") else ""
    if name == "start" and rest.strip():
        return rest.strip()  # a link code, from a link that opens the chat
    return commands.get(name, text)
