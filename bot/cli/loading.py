"""The bot, loaded for a command, and its replies as a terminal shows them."""

import sys

from bot import bootstrap
from bot.conversation.handler import MessageHandler
from bot.database.engine import Database
from bot.messages import Reply
from bot.settings import Settings
from bot.training import current_model
from bot.training.progress import Stages


def loaded(settings: Settings, record: Database | None = None) -> MessageHandler:
    """Return the bot on ``record``, trained first where that is needed; say what takes so long."""
    record = record or bootstrap.database(settings)
    with Stages(sys.stderr) as stages:
        model = current_model.model(settings, record)
        stages.next("loading the bot")
        return bootstrap.conversation(settings, record, model)


def shown(reply: Reply, *, numbered: bool = False) -> str:
    """Return ``reply`` as one text: what a screen shows beside it stands under it, numbered where a number picks it."""
    titles = [button.title for button in reply.buttons]
    lines = [f"{number}. {title}" if numbered else f"[{title}]" for number, title in enumerate(titles, 1)]
    lines.insert(0, reply.text)
    lines += [f"[{reply.file.name}]"] if reply.file else []
    return "\n".join(lines)
