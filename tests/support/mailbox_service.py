"""The running service with every gateway, over HTTP without a network."""

import asyncio
import json
import time
from collections import defaultdict
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from bot.alerts.alert_journal import AlertJournal
from bot.messages import AddressKind, ReplyFormat, SendReceipt
from bot.messaging.channels.kannel import Kannel
from bot.messaging.channels.notify import Notify
from bot.messaging.channels.twilio import Twilio
from bot.messaging.worker import ChannelConfig
from bot.runtime.background import BackgroundRuntime
from bot.web import health
from bot.web.pages import pages
from bot.web.webhooks import routes
from tests.support.mailbox import ROUTES, Echo

ALL = ROUTES | {
    "notify": ChannelConfig(AddressKind.SMS, ReplyFormat.SMS),
    "telegram": ChannelConfig(AddressKind.TELEGRAM, ReplyFormat.TELEGRAM),
}


def now():
    return datetime.now(UTC)


class Slow(Echo):
    """Takes as long as the real bot, without blocking."""

    async def answer(self, message, unit):
        await asyncio.sleep(0.005)
        return await super().answer(message, unit)


class serving:  # noqa: N801  # read as a verb
    def __init__(self, record, journal, bot=None):
        self.record, self.bot = record, bot or Slow()
        self.sent = defaultdict(list)
        self.journal = AlertJournal(journal, record.keyring)

        async def send(address, outbound):
            self.sent[address].append(outbound.text)
            return SendReceipt(None)

        self.service = BackgroundRuntime(record, self.bot, ALL, dict.fromkeys(ALL, send), now, journal=self.journal)
        channels = {
            "notify": Notify("template", "bearer", None),
            "kannel": Kannel("http://127.0.0.1:1/", "u", "p", "Clinic", "a-token", "", httpx.AsyncClient()),
            "twilio": Twilio("token", "Clinic", "https://bot.example.org", None),
        }
        webhooks = routes(channels, self.service.store, self.service.note)
        self.application = pages([*webhooks, *health.routes(self.service.health)], lambda _: self.service.running())

    def __enter__(self):
        self.client = TestClient(self.application, raise_server_exceptions=False)
        self.client.__enter__()
        return self

    def __exit__(self, *error):
        self.client.__exit__(*error)

    def kannel(self, address, text, name, **more):
        fields = {"token": "a-token", "id": name, "from": address} | more
        return self.client.post(f"/webhooks/kannel?{urlencode(fields)}", content=text.encode())

    def notify(self, address, text, name, at=None):
        given = {"id": name, "source_number": address.lstrip("+"), "message": text}
        given["date_received"] = (at or now()).isoformat()
        return self.client.post(
            "/webhooks/notify", content=json.dumps(given).encode(), headers={"authorization": "Bearer bearer"}
        )

    def twilio(self, address, text, name):
        fields = {"MessageSid": name, "From": address, "Body": text, "NumMedia": "0"}
        signature = RequestValidator("token").compute_signature("https://bot.example.org/webhooks/twilio", fields)
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        return self.client.post("/webhooks/twilio", content=urlencode(fields), headers=headers)

    def wait(self, count, seconds=60):
        until = time.monotonic() + seconds
        while sum(map(len, self.sent.values())) < count:
            assert time.monotonic() < until, f"{sum(map(len, self.sent.values()))} sent, expected {count}"
            time.sleep(0.02)


class RealDanger(Echo):
    def safety_response(self, message):
        from bot.messages import Answer, Reply

        return Answer((Reply("help is here"),), alerts=("crisis",)) if "danger" in message.text else None

    async def answer(self, message, unit):
        return self.safety_response(message) or await super().answer(message, unit)
