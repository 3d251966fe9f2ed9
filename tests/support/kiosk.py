"""The screen in the waiting room as tests serve and use it: the real bot, the record, a clock that tests set."""

import re
from datetime import UTC, datetime

from bot import bootstrap
from bot.messages import ReplyFormat, SendReceipt
from bot.messaging.worker import ChannelConfig
from bot.records.access import identities
from bot.records.participants import repository
from bot.replies import wording
from bot.runtime.background import BackgroundRuntime
from bot.settings import Settings
from bot.web.frontend.environment import environment
from bot.web.kiosk import display_names
from bot.web.kiosk.app import KioskApp
from bot.web.kiosk.context import ConversationContext
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


def screen(bot, record, spool=None):
    """Return the application, its clock, and the service behind it; text messages go by one gateway that takes all."""
    settings, clock = Settings(), Clock()

    async def send(address, parcel):
        return SendReceipt(None)

    service = BackgroundRuntime(
        record, bot, {"kannel": ChannelConfig("sms", ReplyFormat.SMS)}, {"kannel": send}, clock, spool=spool
    )

    words = wording.load(settings.programme, settings.language)
    made = KioskApp(
        service.handle_at_once,
        ConversationContext(record, bot, clock),
        ParticipantNotifier({"sms": "kannel", "telegram": "telegram"}),
        record,
        settings,
        words,
        display_names.load(words),
        bootstrap.own_record(settings, record, words),
        environment(),
        clock,
        service.in_danger,
    )
    return pages(routes(made), https=settings.secure_cookies, hosts=settings.hosts), clock, service


def person(record, reference="P00"):
    """Make somebody who has never signed in; return his id and link code."""
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
