"""The screen's application as tests serve it: the real bot, the record, a clock that tests set."""

from datetime import UTC, datetime

from bot import bootstrap
from bot.messages import ReplyFormat, SendReceipt
from bot.messaging.worker import ChannelConfig
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
