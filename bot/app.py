"""Builds and joins everything. Nothing is opened before one of the functions here is called."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import models
from bot.database.engine import Database, open_database
from bot.database.migrate import migrate
from bot.dialogue import follow_ups, own_turns
from bot.dialogue.lean_rasa import without_tensorflow
from bot.records import rotation
from bot.replies import wording
from bot.settings import Settings

if TYPE_CHECKING:  # what the commands that only touch the record need not wait for
    from starlette.applications import Starlette

    from bot.channels.kannel import Kannel
    from bot.channels.notify import Notify
    from bot.channels.twilio import Twilio
    from bot.conversation import Conversation

    Gateway = Twilio | Notify | Kannel


def database(settings: Settings, *, rotating: bool = False) -> Database:
    """Return the record's database, made or brought up to date; what has to be known goes to standard error.

    Raise KeyringError where the key is not the one in use; ``rotating`` is for the command that changes that.
    """
    opened = open_database(settings.database_url, settings.database_key, _tell)
    migrate(opened)
    if not rotating:
        with opened.reading() as connection:
            rotation.check(connection, opened.keyring)
    return opened


def conversation(settings: Settings, record: Database | None = None) -> "Conversation":
    """Return the bot, its model loaded; the model is trained first where it is missing or stale.

    ``record`` is the database where it is open already.
    """
    model = models.ready(settings.models)
    words = wording.load(settings.programme, settings.language)
    leaning, own = follow_ups.load(), own_turns.load()
    record = record or database(settings)
    with without_tensorflow():
        from actions.answer import ActionAnswer
        from actions.own_record import OwnRecord
        from bot.conversation import Conversation
        from bot.dialogue.agent import Dialogue
        from bot.identity import Identity
        from bot.safety.detector import Detector
        from bot.text.normalise import normalise

        answers = OwnRecord(record, words, own, settings.office, caught_up_counts=settings.caught_up_counts)
        dialogue = Dialogue(model, [ActionAnswer(words, leaning, settings.office, answers)], words, leaning)
    identity = Identity(record, own, timedelta(minutes=settings.unlock_minutes))
    values = {**settings.office, "minutes": str(settings.unlock_minutes)}
    return Conversation(Detector(normalise), identity, dialogue, words, values)


def application(settings: Settings, record: Database | None = None) -> "Starlette":
    """Return the web application: the page, and beside it the mailbox of the gateways that are set up."""
    from bot.conversation import utc_now
    from bot.mailbox.worker import Route
    from bot.messages import Rendering
    from bot.service import Service
    from bot.web.pages import pages
    from bot.web.webhooks import routes

    record = record or database(settings)
    bot, channels = conversation(settings, record), gateways(settings)
    # One person, one conversation, whichever gateway a text message came by.
    handled = {name: Route("sms", Rendering.SMS) for name in channels}
    send = {name: channel.send for name, channel in channels.items()}
    service = Service(record, bot, handled, send, utc_now, timedelta(days=settings.keep_days))
    webhooks = routes(channels, service.store, service.note)
    return pages(bot.handle, settings, webhooks, lambda _: service.running())


def gateways(settings: Settings) -> "dict[str, Gateway]":
    """Return the SMS gateways that are set up, by name."""
    import httpx

    found: dict[str, Gateway] = {}
    if settings.twilio_account:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        from bot.channels import twilio

        client = Client(settings.twilio_account, settings.twilio_token, http_client=TwilioHttpClient(timeout=20))
        found["twilio"] = twilio.Twilio(settings.twilio_token, settings.sms_sender, settings.public_url, client)
    if settings.notify_key:
        from notifications_python_client.notifications import NotificationsAPIClient

        from bot.channels import notify

        api = NotificationsAPIClient(settings.notify_key, base_url=settings.notify_url, timeout=20)
        found["notify"] = notify.Notify(settings.notify_template, settings.notify_bearer, api)
    if settings.kannel_url:
        from bot.channels import kannel

        found["kannel"] = kannel.Kannel(
            settings.kannel_url,
            settings.kannel_username,
            settings.kannel_password,
            settings.sms_sender,
            settings.kannel_token,
            settings.public_url,
            httpx.AsyncClient(timeout=20),
        )
    return found


def _tell(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
