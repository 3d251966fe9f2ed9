"""Builds and joins everything. Nothing is opened before a part is asked for.

:class:`Bootstrap` makes each part when it is first wanted, from the settings and the other parts. Any of them can be
given instead: the tests give a clock, a bot or a gateway of their own, and get all the rest as the service has it.
"""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.conversation.reading import readers
from bot.database.engine import Database, key_file_of, open_database
from bot.database.migrate import migrate
from bot.database.unit_of_work import utc_now
from bot.dialogue import follow_ups, personal_phrases
from bot.dialogue.lean_rasa import without_tensorflow
from bot.messages import Address, AddressKind, InboundMessage, ReplyFormat
from bot.replies import gsm, wording
from bot.retention import key_rotation
from bot.settings import Settings
from bot.training import current_model

if TYPE_CHECKING:  # what the commands that only touch the record need not wait for
    from jinja2 import Environment
    from starlette.applications import Starlette

    from actions.personal_answers import PersonalAnswers
    from actions.tools import Tools
    from bot.alerts.alert_journal import AlertJournal
    from bot.alerts.escalation_policy import EscalationPolicy
    from bot.conversation.handler import MessageHandler
    from bot.dialogue.agent import RasaAgent
    from bot.jobs import Work
    from bot.messaging.gateways import Gateway
    from bot.retention.purge import Periods
    from bot.runtime.background import BackgroundRuntime
    from bot.training.worker import TrainingWorker
    from bot.web.kiosk.app import KioskApp
    from bot.web.participant_notifier import ParticipantNotifier
    from bot.web.staff.app import StaffApp


def database(settings: Settings, *, rotating: bool = False) -> Database:
    """Return the record's database, made or brought up to date; what has to be known goes to standard error.

    Raise KeyringError where the key is not the one in use; ``rotating`` is for the command that changes that.
    """
    opened = open_database(settings.database_url, settings.database_key, _print_error)
    migrate(opened)
    if not rotating:
        with opened.reading() as connection:
            key_rotation.assert_current_key(connection, opened.keyring)
        opened.go_on_over_unreadable()
    return opened


class Bootstrap:
    """The parts of the program, each built once and when it is first wanted."""

    clock: Callable[[], datetime] = staticmethod(utc_now)

    def __init__(self, settings: Settings, **parts: Any) -> None:
        """Build from ``settings``; each of ``parts`` takes the place of the one of its name.

        Raise TypeError for a part that there is none of.
        """
        unknown = [name for name in parts if not hasattr(type(self), name)]
        if unknown:
            raise TypeError(f"no part is called {', '.join(unknown)}")
        self.settings = settings
        vars(self).update(parts)

    @cached_property
    def database(self) -> Database:
        """The record's database, brought up to date."""
        return database(self.settings)

    @cached_property
    def model(self) -> Path:
        """The trained model; trained first where it is missing or stale."""
        return current_model.model(self.settings, self.database)

    @cached_property
    def words(self) -> wording.ResponseCatalog:
        """What the bot says."""
        return wording.load(self.settings.programme, self.settings.language)

    @cached_property
    def personal_answers(self) -> "PersonalAnswers":
        """What answers from a person's own record."""
        from actions.personal_answers import PersonalAnswers

        phrases, counts = personal_phrases.load(), self.settings.caught_up_counts
        return PersonalAnswers(self.words, phrases, self.settings.office, caught_up_counts=counts)

    @cached_property
    def action_tools(self) -> "Tools":
        """What the actions are built with."""
        from actions.tools import Tools

        return Tools(self.words, self.settings.office, self.personal_answers)

    @cached_property
    def agent(self) -> "RasaAgent":
        """Rasa with the model loaded, which takes a few seconds."""
        with without_tensorflow():
            from threadpoolctl import threadpool_limits

            from actions.registry import all_actions
            from bot.dialogue.agent import RasaAgent

            # The products are small: several threads for one gain nothing, and wait for one another on a busy machine.
            threadpool_limits(1, "blas")
            return RasaAgent(self.model, all_actions(self.action_tools), self.words, follow_ups.load())

    @cached_property
    def handler(self) -> "MessageHandler":
        """The bot."""
        agent = self.agent
        from bot.conversation.handler import MessageHandler
        from bot.conversation.identity import Identity
        from bot.safety.detector import Detector

        settings = self.settings
        duty = frozenset(Address.sms(phone) for phone in settings.duty_phones)
        identity = Identity(personal_phrases.load(), timedelta(minutes=settings.unlock_minutes), duty)
        values = {**settings.office, "minutes": str(settings.unlock_minutes)}
        heard = readers.load(self.words, values)
        return MessageHandler(Detector(), identity, agent, self.words, values, heard, self.database, self.clock)

    @cached_property
    def gateways(self) -> "Mapping[str, Gateway]":
        """The channels that are set up, by name."""
        from bot.messaging.gateways import gateways

        return gateways(self.settings)

    @cached_property
    def alert_journal(self) -> "AlertJournal | None":
        """Where alerts wait while the database is down."""
        from bot.alerts.alert_journal import AlertJournal

        return AlertJournal(self.settings.spool, self.database.keyring)

    @cached_property
    def runtime(self) -> "BackgroundRuntime":
        """What runs beside the pages."""
        from bot.runtime.background import BackgroundRuntime

        bot, found = self.handler, self.gateways
        return BackgroundRuntime(
            self.database,
            bot,
            {name: gateway.route for name, gateway in found.items()},
            {name: gateway.channel.send for name, gateway in found.items()},
            self.clock,
            self._periods,
            [gateway.receive for gateway in found.values() if gateway.receive],
            self.alert_journal,
            self.escalation_policy,
            bot.works,
            self._written_folders,
            self.train,
        )

    @cached_property
    def escalation_policy(self) -> "EscalationPolicy | None":
        """Whom to text about an alert that waits; None where no duty phone is set up."""
        from bot.alerts.escalation_policy import EscalationPolicy

        settings = self.settings
        if not settings.duty_phones:
            return None
        text = gsm.to_gsm(self.words.text("alert_waiting", ReplyFormat.SMS))
        overdue, again = timedelta(minutes=settings.alert_minutes), timedelta(minutes=settings.second_call_minutes)
        return EscalationPolicy(self._notified_by["sms"], settings.duty_phones, text, overdue, again)

    @cached_property
    def notifier(self) -> "ParticipantNotifier":
        """The way to a participant's telephone or chat."""
        from bot.web.participant_notifier import ParticipantNotifier

        return ParticipantNotifier(self._notified_by, self.runtime.wake_sender)

    @cached_property
    def pages_environment(self) -> "Environment":
        """The templates."""
        from bot.web.frontend.environment import environment

        return environment()

    @cached_property
    def kiosk(self) -> "KioskApp":
        """The pages of the kiosk."""
        from bot.web.kiosk import display_names
        from bot.web.kiosk.app import KioskApp
        from bot.web.kiosk.context import ConversationContext

        return KioskApp(
            self.runtime.handle_web_message,
            ConversationContext(self.database, self.clock),
            self.notifier,
            self.database,
            self.settings,
            self.words,
            display_names.load(self.words),
            self.personal_answers,
            self.pages_environment,
            self.clock,
            self.runtime.in_danger,
        )

    @cached_property
    def staff(self) -> "StaffApp":
        """The pages of staff."""
        from bot.web.staff.app import StaffApp

        return StaffApp(
            self.database,
            self.settings,
            self.pages_environment,
            self.clock,
            self.words,
            self.notifier,
            self.runtime.answer,
        )

    @cached_property
    def train(self) -> "Work | None":
        """What groups new questions and trains, once each time it is called; None where that is left out."""
        return self.trainer.run_once

    @cached_property
    def trainer(self) -> "TrainingWorker":
        """What trains and tries a model of approved questions."""
        from bot.training.worker import TrainingWorker

        bot = self.handler
        with without_tensorflow():
            from bot.review.similarity import SimilarityEncoder

        def is_unsafe(text: str) -> bool:
            return bot.safety_response(InboundMessage(Address(AddressKind.OTHER, ""), text)) is not None

        return TrainingWorker(
            self.database, self.settings, self.model, bot.switch, SimilarityEncoder(), is_unsafe, self.clock
        )

    @cached_property
    def application(self) -> "Starlette":
        """The web application: the pages, the webhooks of the gateways that are set up, and what runs beside them."""
        from bot.web import health
        from bot.web.kiosk.routes import routes as kiosk_routes
        from bot.web.pages import pages
        from bot.web.staff.routes import routes as staff_routes
        from bot.web.webhooks import routes as webhook_routes

        runtime = self.runtime

        @asynccontextmanager
        async def running(_: "Starlette") -> AsyncIterator[None]:
            async with runtime.running():
                yield

        channels = {name: gateway.channel for name, gateway in self.gateways.items()}
        webhooks = webhook_routes(channels, runtime.store, runtime.note)
        everything = [*kiosk_routes(self.kiosk), *webhooks, *health.routes(runtime.health), *staff_routes(self.staff)]
        return pages(everything, running, https=self.settings.secure_cookies, hosts=self.settings.hosts)

    @cached_property
    def _notified_by(self) -> dict[str, str]:
        """The gateway by which each kind of address is written to; of several for text messages, the first."""
        return {self.gateways[name].route.kind: name for name in reversed(list(self.gateways))}

    @cached_property
    def _periods(self) -> "Periods":
        from bot.retention.purge import Periods

        days = (self.settings.keep_days, self.settings.keep_alert_days, self.settings.keep_audit_days)
        return Periods(*(timedelta(days=number) for number in days))

    @cached_property
    def _written_folders(self) -> list[Path]:
        """The folders that the service writes to while it runs."""
        keys = key_file_of(self.settings.database_url)
        return [self.settings.spool.absolute().parent, *([keys.absolute().parent] if keys else [])]


def _print_error(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
