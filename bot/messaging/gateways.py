"""Builds the channels that are set up, each with its provider's own library."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from bot.messages import AddressKind, Arrival, ReplyFormat
from bot.messaging.worker import ChannelConfig
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.messaging.channels.kannel import Kannel
    from bot.messaging.channels.notify import Notify
    from bot.messaging.channels.telegram.channel import Telegram
    from bot.messaging.channels.twilio import Twilio

    Channel = Twilio | Notify | Kannel | Telegram

TIMEOUT = 20
"""Seconds that a provider is given to answer."""
_SMS = ChannelConfig(AddressKind.SMS, ReplyFormat.SMS)
"""One person, one conversation, whichever gateway a text message came by."""


Receive = Callable[[Callable[[Arrival], Awaitable[None]]], Awaitable[None]]
"""Takes messages in until it is cancelled, and hands each to the function that stores it."""


@dataclass(frozen=True)
class Gateway:
    """A channel, how its messages are handled, and what has to run for it."""

    channel: "Channel"
    route: ChannelConfig = _SMS
    receive: Receive | None = None


def gateways(settings: Settings) -> dict[str, Gateway]:
    """Return the channels that are set up, by name."""
    found: dict[str, Gateway] = {}
    if settings.twilio_account:
        found["twilio"] = Gateway(_twilio(settings))
    if settings.notify_key:
        found["notify"] = Gateway(_notify(settings))
    if settings.kannel_url:
        found["kannel"] = Gateway(_kannel(settings))
    if settings.telegram_token:
        found["telegram"] = _telegram(settings)
    return found


def _twilio(settings: Settings) -> "Twilio":
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    from bot.messaging.channels.twilio import Twilio

    client = Client(settings.twilio_account, settings.twilio_token, http_client=TwilioHttpClient(timeout=TIMEOUT))
    return Twilio(settings.twilio_token, settings.sms_sender, settings.public_url, client)


def _notify(settings: Settings) -> "Notify":
    from notifications_python_client.notifications import NotificationsAPIClient

    from bot.messaging.channels.notify import Notify

    api = NotificationsAPIClient(settings.notify_key, base_url=settings.notify_url, timeout=TIMEOUT)
    return Notify(settings.notify_template, settings.notify_bearer, api)


def _kannel(settings: Settings) -> "Kannel":
    from bot.messaging.channels.kannel import Kannel

    return Kannel(
        settings.kannel_url,
        settings.kannel_username,
        settings.kannel_password,
        settings.sms_sender,
        settings.kannel_token,
        settings.public_url,
        httpx.AsyncClient(timeout=TIMEOUT),
    )


def _telegram(settings: Settings) -> Gateway:
    from telegram import Bot
    from telegram.request import HTTPXRequest

    from bot.messaging.channels.telegram import commands, receiving
    from bot.messaging.channels.telegram.channel import Telegram

    known = commands.load()
    api = Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api_base_url}/bot",
        request=HTTPXRequest(connection_pool_size=32, read_timeout=TIMEOUT),
    )
    channel = Telegram(api, known.says, settings.telegram_secret)

    async def fetch(store: Callable[[Arrival], Awaitable[None]]) -> None:
        await receiving.fetch(channel, known.menu, store)

    async def register(store: Callable[[Arrival], Awaitable[None]]) -> None:
        await receiving.register(channel, known.menu, f"{settings.public_url}/webhooks/telegram")

    route = ChannelConfig(AddressKind.TELEGRAM, ReplyFormat.TELEGRAM, deletes_secrets=True)
    return Gateway(channel, route, register if settings.telegram_secret else fetch)
