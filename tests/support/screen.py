"""The screen's application as tests serve it: the real bot, the record, a clock that tests set."""

from datetime import UTC, datetime
from types import SimpleNamespace

from bot import bootstrap
from bot.messages import AddressKind, ReplyFormat, SendReceipt
from bot.messaging.worker import ChannelConfig
from bot.settings import Settings
from bot.web.kiosk.routes import routes
from bot.web.pages import pages
from bot.web.participant_notifier import ParticipantNotifier


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

    gateway = SimpleNamespace(
        route=ChannelConfig(AddressKind.SMS, ReplyFormat.SMS), channel=SimpleNamespace(send=send), receive=None
    )
    parts = bootstrap.Bootstrap(
        settings,
        database=record,
        handler=bot,
        clock=clock,
        gateways={"kannel": gateway},
        alert_journal=spool,
        notifier=ParticipantNotifier({"sms": "kannel", "telegram": "telegram"}),
    )
    made = pages(routes(parts.kiosk), https=settings.secure_cookies, hosts=settings.hosts)
    return made, clock, parts.runtime
