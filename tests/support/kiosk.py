"""The screen in the waiting room as tests serve and use it: the real bot, the record, a clock that tests set."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

from bot import bootstrap
from bot.messages import AddressKind, ReplyFormat, SendReceipt
from bot.messaging.worker import ChannelConfig
from bot.records.access import identities
from bot.records.participants import repository
from bot.settings import Settings
from bot.web.kiosk.routes import routes
from bot.web.pages import pages
from bot.web.participant_notifier import ParticipantNotifier

PIN = "580417"


class Clock:
    """Now, or what a test says."""

    def __init__(self):
        self.ahead = None

    def __call__(self):
        now = datetime.now(UTC)
        return now + self.ahead if self.ahead else now


def screen(bot, record, journal=None):
    """Return the application, its clock, and the service behind it; text messages go by one gateway that takes all."""
    settings, clock = Settings(), Clock()

    async def send(address, outbound):
        return SendReceipt(None)

    gateway = SimpleNamespace(
        route=ChannelConfig(AddressKind.SMS, ReplyFormat.SMS), channel=SimpleNamespace(send=send), receive=None
    )
    parts = bootstrap.Bootstrap(
        settings,
        database=record,
        handler=bot,
        clock=clock,
        gateways={"kannel": gateway},
        alert_journal=journal,
        train=None,
        notifier=ParticipantNotifier({"sms": "kannel", "telegram": "telegram"}),
    )
    made = pages(routes(parts.kiosk), https=settings.secure_cookies, hosts=settings.hosts)
    return made, clock, parts.runtime


def person(record, reference="P00"):
    """Make somebody who has never signed in; return their id and link code."""
    now = datetime.now(UTC)
    with record.writing() as connection:
        found = repository.participant_id(connection, reference)
        identities.reset_pin(connection, found, "test", now)
        return found, identities.issue_code(connection, found, "test", now)


def post(client, path, page="/", **fields):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"form_token": token} | fields)


def first_time(client, code, pin=PIN):
    return post(client, "/first-time", "/first-time", code=code, pin=pin, again=pin)


def sign_in_by_hand(page, record, address):
    _, code = person(record)
    page.goto(f"{address}/sign-in")
    page.get_by_role("link", name="This is my first time").click()
    page.get_by_label("Your link code").fill(code)
    page.get_by_label("Choose a PIN", exact=True).fill(PIN)
    page.get_by_label("The same PIN again", exact=True).fill(PIN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your dates").wait_for()
    page.wait_for_load_state()  # its script has run, and measures how long the screen is left alone
