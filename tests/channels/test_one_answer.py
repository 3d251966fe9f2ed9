"""The regression set through the real code of every channel, in and out: the same question, the same answer.

What comes out is read where the provider would have it: Twilio's, Notify's and Kannel's requests and Telegram's Bot
API, each sent by the provider's own library to a stand-in on loopback.
"""

import base64
import json
import time
from collections import defaultdict
from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx
import pytest
from notifications_python_client.notifications import NotificationsAPIClient
from sqlalchemy import delete, func, select
from starlette.testclient import TestClient
from twilio.rest import Client

from bot.conversation.tables import conversation_state
from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.messaging.channels.kannel import Kannel
from bot.messaging.channels.notify import Notify
from bot.messaging.channels.telegram.pace import RateLimit
from bot.messaging.channels.twilio import Twilio
from bot.messaging.gateways import gateways
from bot.messaging.outbound import to_outbound
from bot.messaging.tables import inbox, outbox
from bot.messaging.worker import ChannelConfig
from bot.records.access.tables import opt_out
from bot.replies import gsm
from bot.runtime.background import BackgroundRuntime
from bot.settings import Settings
from bot.web.pages import pages
from bot.web.webhooks import routes
from evaluation import sets
from tests.support.bot_api import TOKEN, bot_api
from tests.support.gateways import KEY, kannel, notify, stand_in, twilio

PUBLIC = "https://bot.example.org"
SECRET = "a-secret-that-only-telegram-knows"
CASES = sets.cases()
MOST_PARTS = 3
"""Of one text message: two, and three where an address makes it necessary."""


@pytest.fixture(scope="module")
def answers(bot, loop):
    """For each reply format, the answer to each question, asked of the bot directly."""

    async def asked(reply_format):
        return [
            await bot.handle(InboundMessage(Address.parse(f"direct {reply_format} {i}"), case.text, reply_format))
            for i, case in enumerate(CASES)
        ]

    return {reply_format: loop.run(asked(reply_format), 600) for reply_format in ReplyFormat}


def test_the_same_question_gets_the_same_topics_in_every_rendering(answers):
    wrong = [
        (case.text, [answer.topics for answer in said])
        for case, *said in zip(CASES, *answers.values(), strict=True)
        if len({(answer.topics, answer.suggestions) for answer in said}) > 1
    ]
    assert wrong == []


def number(index):
    return f"+447700900{index:03d}"


def by_kannel(client, index, text):
    return kannel(client, text, id=f"faq {index}", **{"from": number(index)})


def by_notify(client, index, text):
    given = {"id": f"faq {index}", "source_number": number(index)[1:], "message": text}
    return notify(client, given | {"date_received": datetime.now(UTC).isoformat()})


def by_twilio(client, index, text):
    return twilio(client, {"MessageSid": f"faq {index}", "From": number(index), "Body": text, "NumMedia": "0"})


def channel(name, url):
    if name == "kannel":
        return Kannel(f"{url}/sendsms", "u", "p", "Clinic", "a-token", PUBLIC, httpx.AsyncClient())
    if name == "notify":
        return Notify("template", "bearer-token", NotificationsAPIClient(KEY, base_url=url, timeout=20))
    client = Client("AC0", "token")
    client.api.base_url = url
    return Twilio("token", "Clinic", PUBLIC, client)


def answered(path, body):
    """Answer as Notify, Twilio and Kannel do."""
    if path.startswith("/v2/"):
        return 201, {"id": base64.b16encode(str(time.monotonic_ns()).encode()).decode()}
    return (201, {"sid": f"SM{time.monotonic_ns()}"}) if "Accounts" in path else (202, "0: Accepted for delivery")


def sent(path, body, headers):
    """Return to whom a request sends, and what."""
    if path.startswith("/v2/"):
        given = json.loads(body)
        return given["phone_number"], given["personalisation"]["reply"]
    if "Accounts" not in path:
        return headers["X-Kannel-To"], body
    fields = parse_qs(body)
    return fields["To"][0], fields["Body"][0]


@pytest.mark.parametrize(("name", "put_in"), [("kannel", by_kannel), ("notify", by_notify), ("twilio", by_twilio)])
@pytest.mark.timeout(300)
def test_the_regression_set_through_each_sms_gateway(name, put_in, bot, record, answers):
    strangers(record)
    headers = []
    with stand_in(answered, headers) as (url, seen):
        gateway = channel(name, url)
        route = {name: ChannelConfig(AddressKind.SMS, ReplyFormat.SMS)}
        service = BackgroundRuntime(record, bot, route, {name: gateway.send}, lambda: datetime.now(UTC))
        application = pages(routes({name: gateway}, service.store, None), lambda _: service.running())
        with TestClient(application) as client:
            for index, case in enumerate(CASES):
                assert put_in(client, index, case.text).status_code == 200
            wait_until_sent(record)
        got = defaultdict(list)
        for (path, body), told in zip(seen, headers, strict=True):
            address, text = sent(path, body, told)
            got[address].append(text)
    expected = {}
    for index, answer in enumerate(answers[ReplyFormat.SMS]):
        expected[number(index)] = [outbound.text for outbound in to_outbound(answer.replies, ReplyFormat.SMS)]
    assert got == expected
    texts = [text for texts in got.values() for text in texts]
    assert all(gsm.is_gsm(text) for text in texts)
    assert max(gsm.parts(text) for text in texts) <= MOST_PARTS


@pytest.mark.timeout(300)
def test_the_regression_set_through_telegram(bot, record, loop, answers):
    with bot_api() as api:
        settings = Settings(
            telegram_token=TOKEN, telegram_api_base_url=api.url, telegram_secret=SECRET, public_url=PUBLIC
        )
        gateway = gateways(settings)["telegram"]
        gateway.channel.pace = RateLimit(0, 0)
        send = {"telegram": gateway.channel.send}
        service = BackgroundRuntime(record, bot, {"telegram": gateway.route}, send, lambda: datetime.now(UTC))
        webhooks = routes({"telegram": gateway.channel}, service.store, None)
        application = pages(webhooks, lambda _: service.running())
        with TestClient(application) as client:
            client.portal.call(gateway.channel.introduce, {})
            for index, case in enumerate(CASES):
                update = {"update_id": 10**6 + index, "message": api.message(10**6 + index, text=case.text)}
                headers = {"x-telegram-bot-api-secret-token": SECRET}
                assert client.post("/webhooks/telegram", json=update, headers=headers).status_code == 200
            wait_until_sent(record)
        got = {index: api.texts(10**6 + index) for index in range(len(CASES))}
    expected = {
        index: [outbound.text for outbound in to_outbound(answer.replies, ReplyFormat.TELEGRAM)]
        for index, answer in enumerate(answers[ReplyFormat.TELEGRAM])
    }
    assert got == expected


def strangers(record):
    """Make everybody unknown: the gateways share the numbers, and a conversation would go on from one to the next."""
    with record.writing() as connection:
        for table in (outbox, inbox, conversation_state, opt_out):
            connection.execute(delete(table))


def wait_until_sent(record):
    open_states = ("waiting", "sending")
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        with record.reading() as connection:
            left = [
                connection.execute(select(func.count()).where(table.c.state.in_(open_states))).scalar()
                for table in (inbox, outbox)
            ]
        if left == [0, 0]:
            return
        time.sleep(0.1)
    pytest.fail(f"{left} messages of inbox and outbox were left")
