"""Handles what is in the inbox: a message is taken in hand, answered, and its reply kept with all that came of it.

Taking it in hand and keeping the reply are short transactions of their own; what takes long, or hangs, is between
them (docs/decisions/0018).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.alerts import alert_store
from bot.conversation import state_store
from bot.conversation.state import ConversationState
from bot.conversation.unit import ConversationUnit
from bot.database.engine import Database
from bot.database.keyring import KeyringError
from bot.messages import AddressKind, Answer, InboundMessage, OutboundMessage, ReplyFormat
from bot.messaging import inbox, outbox, throttle
from bot.messaging.failpoint import failpoint
from bot.messaging.inbox import Claimed, InboxRow, LostError
from bot.messaging.outbound import to_outbound
from bot.messaging.throttle import RateState
from bot.review import question_stats
from bot.text import personal_codes
from bot.text.clean import clean

logger = logging.getLogger(__name__)

HANG_SECONDS = 10
"""After so long handling a message counts as failed."""


class Bot(Protocol):
    """What handles a message; a failure raises."""

    async def answer(self, message: InboundMessage, unit: ConversationUnit) -> Answer:
        """Return the answer; what it changes is written when ``unit`` is committed."""
        ...

    async def handle(self, message: InboundMessage, unit: ConversationUnit) -> Answer:
        """Return the answer, or an apology for a message that could not be handled."""
        ...

    def safety_response(self, message: InboundMessage) -> Answer | None:
        """Return the answer to a message that says a life or a child is at risk, or threatens; None for any other."""
        ...

    def apology(self, reply_format: ReplyFormat) -> Answer:
        """Return what is said for a message that could not be handled."""
        ...

    def slow_down(self, reply_format: ReplyFormat) -> Answer:
        """Return what is said to somebody who writes too much at once."""
        ...

    def must_be_heard(self, message: InboundMessage, state: ConversationState) -> bool:
        """Tell whether a message counts however much its sender writes: a wish not to be written to, or to be again."""
        ...


@dataclass(frozen=True)
class ChannelConfig:
    """How the messages of one channel are handled: as whose conversation, and in which form."""

    kind: AddressKind
    """What the channel carries: a person is one address on every gateway for text messages."""
    reply_format: ReplyFormat
    deletes_secrets: bool = False
    """Whether a message that held a secret can be deleted where the person sees it."""


@dataclass(frozen=True)
class _Task:
    """A message in hand, with what is needed to answer it."""

    claimed: Claimed
    row: InboxRow
    message: InboundMessage
    route: ChannelConfig
    state: ConversationState
    """What the conversation was before the message."""
    rate: RateState


class Worker:
    """Handles one message at a time; several threads may share one, each with an event loop of its own."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, ChannelConfig],
        clock: Callable[[], datetime],
        on_reply: Callable[[], None],
    ) -> None:
        """Handle the messages of the channels in ``routes``; ``on_reply`` is called when something is to be sent."""
        self._database = database
        self._bot = bot
        self._routes = routes
        self._clock = clock
        self._on_reply = on_reply

    async def handle_one(self, began: Callable[[], None] = lambda: None) -> bool:
        """Handle the next message; tell whether there was one. ``began`` is called once it is in hand."""
        with self._database.writing() as connection:
            claimed = inbox.claim(connection, self._routes, self._clock())
            task = self._task(connection, claimed) if claimed else None
        if claimed is None:
            return False
        began()
        if task is not None:
            await self._handled(task)
        self._on_reply()
        return True

    def _task(self, connection: Connection, claimed: Claimed) -> _Task | None:
        """Return what is to be done; None where it has been done: the message cannot be read, or failed too often.

        Whatever is wrong with a message, it is this one that is set aside: all others wait behind this transaction.
        """
        try:
            row, route = inbox.read(connection, claimed), self._routes[claimed.channel]
            text, at = row.text or "", row.received_at
            message = InboundMessage(row.address, text, route.reply_format, at=at, public=row.public)
            state, rate = state_store.load(connection, row.address), throttle.check_rate(connection, row)
            task = _Task(claimed, row, message, route, state, rate)
            if claimed.tries <= inbox.TRIES or claimed.tries <= self._tries(task):
                return task
            self._dead_letter(connection, claimed, task)  # whoever had it died or hung each time
        except DBAPIError:
            raise
        except Exception:
            logger.critical("message %d cannot be read: it is given up, and staff have to be told", claimed.id)
            self._dead_letter(connection, claimed)
        return None

    def _tries(self, task: _Task) -> int:
        """Return how often a message is tried: one that asks for silence is not passed over."""
        return inbox.STOP_TRIES if self._bot.must_be_heard(task.message, task.state) else inbox.TRIES

    async def _handled(self, task: _Task) -> None:
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await self._handle(task)
        except LostError:
            logger.warning("message %d took too long: somebody else has it in hand now", task.claimed.id)
        except Exception:
            logger.exception("a message could not be handled")
            await self._failed(task)
        failpoint("after the commit")

    async def _handle(self, task: _Task) -> None:
        unit = ConversationUnit(self._database, task.message.address, self._clock, task.state)
        failpoint("before the answer")
        answer, heard = await self._answer(task, unit)
        failpoint("after the answer")
        with self._database.writing() as connection:
            self._keep(connection, task, answer, unit, heard=heard)
            failpoint("before the commit")

    async def _answer(self, task: _Task, unit: ConversationUnit) -> tuple[Answer, bool]:
        """Return the answer, and whether it counts: of somebody who writes too much at once only some do."""
        counts = task.rate is RateState.FINE or self._bot.must_be_heard(task.message, task.state)
        answer = await self._bot.answer(task.message, unit)
        if counts or answer.alerts or answer.held_secret:
            return answer, True
        unit.discard()
        replies = self._bot.slow_down(task.route.reply_format).replies if task.rate is RateState.TOO_MUCH else ()
        return Answer(replies), False

    def _keep(
        self, connection: Connection, task: _Task, answer: Answer, unit: ConversationUnit, *, heard: bool
    ) -> None:
        row, route, now = task.row, task.route, self._clock()
        inbox.done(connection, task.claimed, redact=answer.held_secret, throttled=not heard)
        unit.perform(connection)
        if heard:
            unit.save_state(connection)
            question_stats.note(connection, route.kind, task.message.text, answer, now)
        for topic in answer.alerts:
            alert_store.put(connection, topic, row.address, now, answer.participant_id)
        content = list(to_outbound(answer.replies, route.reply_format, personal=answer.personal))
        if answer.held_secret and route.deletes_secrets:
            content.insert(0, OutboundMessage("", delete_message_id=row.provider_id))
        urgent = bool(answer.alerts)
        outbox.put(connection, row.channel, row.address, content, now, row.id, urgent=urgent)

    async def _failed(self, task: _Task) -> None:
        try:
            with self._database.writing() as connection:
                if task.claimed.tries < inbox.TRIES or task.claimed.tries < self._tries(task):
                    inbox.again(connection, task.claimed, self._clock())
                else:
                    self._dead_letter(connection, task.claimed, task)
        except LostError:
            logger.warning("message %d took too long: somebody else has it in hand now", task.claimed.id)

    def _dead_letter(self, connection: Connection, claimed: Claimed, task: _Task | None = None) -> None:
        """Try no more; say so to the person where it can be read who that is. A code or a PIN does not stay in it.

        What plainly says that somebody is in danger gets its answer and its alert all the same: the rules that notice
        it need nothing of what failed.
        """
        held = personal_codes.find(clean(task.message.text)) if task else None
        holds_secret = held is not None and bool(held.any or held.digits)
        inbox.dead_letter(connection, claimed, redact=holds_secret)
        try:
            address = inbox.address(connection, claimed)
        except KeyringError:
            return
        route = self._routes[claimed.channel]
        answer = self._last_answer(task, route)
        for topic in answer.alerts:
            alert_store.put(connection, topic, address, self._clock())
        content = list(to_outbound(answer.replies, route.reply_format))
        if task and holds_secret and route.deletes_secrets:
            content.insert(0, OutboundMessage("", delete_message_id=task.row.provider_id))
        urgent = bool(answer.alerts)
        outbox.put(connection, claimed.channel, address, content, self._clock(), claimed.id, urgent=urgent)

    def _last_answer(self, task: _Task | None, route: ChannelConfig) -> Answer:
        """Return what is said to a message that is given up: the help lines to somebody in danger, else an apology."""
        try:
            danger = self._bot.safety_response(task.message) if task else None
        except Exception:  # it may be what made the message fail
            logger.critical("a message that is given up could not be looked at for danger; staff have to be told")
            danger = None
        return danger or self._bot.apology(route.reply_format)
