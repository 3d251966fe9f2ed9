"""Builds and joins everything. Nothing is opened before :func:`conversation` or :func:`application` is called."""

from starlette.applications import Starlette

from bot import models
from bot.conversation import Conversation
from bot.dialogue import follow_ups
from bot.dialogue.lean_rasa import without_tensorflow
from bot.replies import wording
from bot.safety.detector import Detector
from bot.settings import Settings
from bot.text.normalise import normalise


def conversation(settings: Settings) -> Conversation:
    """Return the bot, its model loaded; the model is trained first where it is missing or stale."""
    model = models.ready(settings.models)
    words = wording.load(settings.programme, settings.language)
    leaning = follow_ups.load()
    with without_tensorflow():
        from actions.answer import ActionAnswer
        from bot.dialogue.agent import Dialogue

        dialogue = Dialogue(model, [ActionAnswer(words, leaning, settings.office)], words, leaning)
    return Conversation(Detector(normalise), dialogue, words, settings.office)


def application(settings: Settings) -> Starlette:
    """Return the web application."""
    from bot.web.pages import pages

    return pages(conversation(settings).handle, settings)
