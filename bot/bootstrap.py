"""Builds and joins everything. Nothing is opened before one of the functions here is called."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.reading import readers
from bot.database.engine import Database, key_file_of, open_database
from bot.database.migrate import migrate
from bot.dialogue import follow_ups, personal_phrases
from bot.dialogue.lean_rasa import without_tensorflow
from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.replies import gsm, wording
from bot.retention import key_rotation
from bot.settings import Settings
from bot.training import current_model

if TYPE_CHECKING:  # what the commands that only touch the record need not wait for
    from starlette.applications import Starlette

    from actions.personal_answers import PersonalAnswers
    from actions.tools import Tools
    from bot.alerts.escalation_policy import EscalationPolicy
    from bot.conversation.handler import MessageHandler
    from bot.retention.purge import Periods


def database(settings: Settings, *, rotating: bool = False) -> Database:
    """Return the record's database, made or brought up to date; what has to be known goes to standard error.

    Raise KeyringError where the key is not the one in use; ``rotating`` is for the command that changes that.
    """
    opened = open_database(settings.database_url, settings.database_key, _tell)
    migrate(opened)
    if not rotating:
        with opened.reading() as connection:
            key_rotation.assert_current_key(connection, opened.keyring)
        opened.go_on_over_unreadable()
    return opened


def conversation(settings: Settings, record: Database | None = None, model: Path | None = None) -> "MessageHandler":
    """Return the bot, its model loaded; the model is trained first where it is missing or stale.

    ``record`` is the database where it is open already, ``model`` the model where it is known.
    """
    record = record or database(settings)
    model = model or current_model.model(settings, record)
    words, leaning = wording.load(settings.programme, settings.language), follow_ups.load()
    with without_tensorflow():
        from threadpoolctl import threadpool_limits

        from actions.registry import all_actions
        from bot.conversation.handler import MessageHandler
        from bot.conversation.identity import Identity
        from bot.dialogue.agent import RasaAgent
        from bot.safety.detector import Detector

        # The products are small: several threads for one gain nothing, and wait for one another on a busy machine.
        threadpool_limits(1, "blas")
        dialogue = RasaAgent(model, all_actions(action_tools(settings, record)), words, leaning)
    duty = frozenset(Address.sms(phone) for phone in settings.duty_phones)
    identity = Identity(record, personal_phrases.load(), timedelta(minutes=settings.unlock_minutes), duty)
    values = {**settings.office, "minutes": str(settings.unlock_minutes)}
    heard = readers.load(words, values)
    return MessageHandler(Detector(), identity, dialogue, words, values, heard)


def action_tools(settings: Settings, record: Database | None) -> "Tools":
    """Return what the actions are built with; without a record, nobody is known."""
    from actions.tools import Tools

    words = wording.load(settings.programme, settings.language)
    return Tools(words, settings.office, own_record(settings, record, words))


def own_record(settings: Settings, record: Database | None, words: wording.ResponseCatalog) -> "PersonalAnswers":
    """Return what answers from a person's own record."""
    from actions.personal_answers import PersonalAnswers

    return PersonalAnswers(
        record, words, personal_phrases.load(), settings.office, caught_up_counts=settings.caught_up_counts
    )


def application(settings: Settings, record: Database | None = None) -> "Starlette":
    """Return the web application: the pages, and beside them the mailbox of the gateways that are set up."""
    from bot.alerts.alert_journal import AlertJournal
    from bot.conversation.handler import utc_now
    from bot.messaging.gateways import gateways
    from bot.runtime.background import BackgroundRuntime
    from bot.training.worker import TrainingWorker
    from bot.web import health
    from bot.web.frontend.environment import environment
    from bot.web.kiosk import display_names
    from bot.web.kiosk.app import KioskApp
    from bot.web.kiosk.context import ConversationContext
    from bot.web.kiosk.routes import routes as screen_routes
    from bot.web.pages import pages
    from bot.web.participant_notifier import ParticipantNotifier
    from bot.web.staff.app import StaffApp
    from bot.web.staff.routes import routes as staff_routes
    from bot.web.webhooks import routes

    record = record or database(settings)
    model = current_model.model(settings, record)
    bot, found = conversation(settings, record, model), gateways(settings)
    words = wording.load(settings.programme, settings.language)
    # Of several gateways for text messages, the first is written by.
    post_by = {found[name].route.conversation: name for name in reversed(found)}
    with without_tensorflow():
        from bot.review.similarity import SimilarityEncoder
    teacher = TrainingWorker(record, settings, model, bot.switch, SimilarityEncoder(), _in_danger(bot), utc_now)
    service = BackgroundRuntime(
        record,
        bot,
        {name: gateway.route for name, gateway in found.items()},
        {name: gateway.channel.send for name, gateway in found.items()},
        utc_now,
        _periods(settings),
        [gateway.receive for gateway in found.values() if gateway.receive],
        AlertJournal(settings.spool, record.keyring),
        _duty(settings, words, post_by["sms"]) if settings.duty_phones else None,
        bot.works,
        _written_to(settings),
        teacher.run_once,
    )
    webhooks = routes({name: gateway.channel for name, gateway in found.items()}, service.store, service.note)
    made = environment()

    post = ParticipantNotifier(post_by, service.wake_sender)
    own = own_record(settings, record, words)
    seen, context = display_names.load(words), ConversationContext(record, bot, utc_now)
    screen = KioskApp(
        service.handle_at_once,
        context,
        post,
        record,
        settings,
        words,
        seen,
        own,
        made,
        utc_now,
        service.in_danger,
    )
    desk = StaffApp(record, settings, made, utc_now, words, post, service.answer)

    @asynccontextmanager
    async def running(_: "Starlette") -> AsyncIterator[None]:
        async with service.running():
            yield

    everything = [*screen_routes(screen), *webhooks, *health.routes(service.health), *staff_routes(desk)]
    return pages(everything, running, https=settings.secure_cookies, hosts=settings.hosts)


def _written_to(settings: Settings) -> list[Path]:
    """Return the folders that the service writes to while it runs."""
    keys = key_file_of(settings.database_url)
    return [settings.spool.absolute().parent, *([keys.absolute().parent] if keys else [])]


def _periods(settings: Settings) -> "Periods":
    from bot.retention.purge import Periods

    days = (settings.keep_days, settings.keep_alert_days, settings.keep_audit_days)
    return Periods(*(timedelta(days=number) for number in days))


def _in_danger(bot: "MessageHandler") -> Callable[[str], bool]:
    return lambda text: bot.in_danger(InboundMessage(Address(AddressKind.OTHER, ""), text)) is not None


def _duty(settings: Settings, words: wording.ResponseCatalog, gateway: str) -> "EscalationPolicy":
    from bot.alerts.escalation_policy import EscalationPolicy

    text = gsm.to_gsm(words.text("alert_waiting", ReplyFormat.SMS))
    overdue, again = timedelta(minutes=settings.alert_minutes), timedelta(minutes=settings.second_call_minutes)
    return EscalationPolicy(gateway, settings.duty_phones, text, overdue, again)


def _tell(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
