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
from bot.database.effects import Effects
from bot.database.engine import Database
from bot.database.keyring import KeyringError
from bot.messages import Answer, InboundMessage, OutboundMessage, ReplyFormat
from bot.messaging import inbox, outbox, throttle
from bot.messaging.failpoint import failpoint
from bot.messaging.inbox import Claimed, LostError, Waiting
from bot.messaging.outbound import parcels
from bot.messaging.throttle import RateState
from bot.text import personal_codes
from bot.text.clean import clean

logger = logging.getLogger(__name__)

HANG_SECONDS = 10
"""After so long handling a message counts as failed."""


class Bot(Protocol):
    """What handles a message; a failure raises."""

    async def answer(self, message: InboundMessage) -> Answer:
        """Return the answer."""
        ...

    async def handle(self, message: InboundMessage) -> Answer:
        """Return the answer, or an apology for a message that could not be handled."""
        ...

    def in_danger(self, message: InboundMessage) -> Answer | None:
        """Return the answer to a message that says a life or a child is at risk, or threatens; None for any other."""
        ...

    def apology(self, rendering: ReplyFormat) -> Answer:
        """Return what is said for a message that could not be handled."""
        ...

    def slow_down(self, rendering: ReplyFormat) -> Answer:
        """Return what is said to somebody who writes too much at once."""
        ...

    def must_be_heard(self, message: InboundMessage) -> bool:
        """Tell whether a message counts however much its sender writes: a wish not to be written to, or to be again."""
        ...

    async def remember(self, conversation: str, state: str | None) -> None:
        """Take up a conversation where :meth:`remembered` left it; None for a new one."""
        ...

    def remembered(self, conversation: str) -> str | None:
        """Return what the next turn of a conversation leans on."""
        ...


Noted = Callable[[Connection, str, str, Answer, datetime], None]
"""Takes note of a message: the transaction, the kind of conversation, the text, its answer, and when."""


@dataclass(frozen=True)
class ChannelConfig:
    """How the messages of one channel are handled: as whose conversation, and in which form."""

    conversation: str
    """What stands before the address in the conversation's name: one person, one conversation, on any SMS gateway."""
    rendering: ReplyFormat
    takes_back: bool = False
    """Whether a message that held a secret can be deleted where the person sees it."""


@dataclass(frozen=True)
class _Task:
    """A message in hand, with what is needed to answer it."""

    claimed: Claimed
    message: Waiting
    route: ChannelConfig
    state: str | None
    """What the conversation leans on."""
    load: RateState

    @property
    def conversation(self) -> str:
        return str(self.message.address)

    @property
    def given(self) -> InboundMessage:
        message = self.message
        text = message.text if message.text is not None else ""
        return InboundMessage(
            message.address, text, self.route.rendering, at=message.received_at, public=message.public
        )


class Worker:
    """Handles one message at a time; several threads may share one, each with an event loop of its own."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, ChannelConfig],
        clock: Callable[[], datetime],
        on_reply: Callable[[], None],
        noted: Noted = lambda *_: None,
    ) -> None:
        """Handle the messages of the channels in ``routes``; ``on_reply`` is called when something is to be sent.

        ``noted`` is called in the transaction that keeps a reply, with what was answered.
        """
        self._database = database
        self._bot = bot
        self._routes = routes
        self._clock = clock
        self._on_reply = on_reply
        self._noted = noted

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
            task = self._read(connection, claimed)
            if claimed.tries <= inbox.TRIES or claimed.tries <= self._tries(task):
                return task
            self._set_aside(connection, claimed, task)  # whoever had it died or hung each time
        except DBAPIError:
            raise
        except Exception:
            logger.critical("message %d cannot be read: it is set aside, and staff have to be told", claimed.id)
            self._set_aside(connection, claimed)
        return None

    def _read(self, connection: Connection, claimed: Claimed) -> _Task:
        message, route = inbox.read(connection, claimed), self._routes[claimed.channel]
        kept = state_store.of(connection, str(message.address))
        return _Task(claimed, message, route, kept, throttle.load(connection, message))

    def _tries(self, task: _Task) -> int:
        """Return how often a message is tried: one that asks for silence is not passed over."""
        return inbox.STOP_TRIES if self._bot.must_be_heard(task.given) else inbox.TRIES

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
        await self._bot.remember(task.conversation, task.state)
        failpoint("before the answer")
        with self._database.effects() as effects:
            answer, heard = await self._answer(task, effects)
        failpoint("after the answer")
        with self._database.writing() as connection:
            self._keep(connection, task, answer, effects, heard=heard)
            failpoint("before the commit")

    async def _answer(self, task: _Task, effects: Effects) -> tuple[Answer, bool]:
        """Return the answer, and whether it counts: of somebody who writes too much at once only some do."""
        counts = task.load is RateState.FINE or self._bot.must_be_heard(task.given)
        answer = await self._bot.answer(task.given)
        if counts or answer.alerts or answer.held_secret:
            return answer, True
        effects.forget()
        replies = self._bot.slow_down(task.route.rendering).replies if task.load is RateState.TOO_MUCH else ()
        return Answer(replies), False

    def _keep(self, connection: Connection, task: _Task, answer: Answer, effects: Effects, *, heard: bool) -> None:
        message, route, now = task.message, task.route, self._clock()
        inbox.done(connection, task.claimed, blank=answer.held_secret, throttled=not heard)
        effects.perform(connection)
        if heard:
            state_store.keep(connection, task.conversation, self._bot.remembered(task.conversation), now)
            self._noted(connection, route.conversation, task.given.text, answer, now)
        for topic in answer.alerts:
            alert_store.put(connection, topic, message.address, now, answer.participant_id)
        content = list(parcels(answer.replies, route.rendering, personal=answer.personal))
        if answer.held_secret and route.takes_back:
            content.insert(0, OutboundMessage("", takes_back=message.provider_id))
        urgent = bool(answer.alerts)
        outbox.put(connection, message.channel, message.address, content, now, message.id, urgent=urgent)

    async def _failed(self, task: _Task) -> None:
        # What the failed attempt left in memory is not what is stored.
        await self._bot.remember(task.conversation, None)
        try:
            with self._database.writing() as connection:
                if task.claimed.tries < inbox.TRIES or task.claimed.tries < self._tries(task):
                    inbox.again(connection, task.claimed, self._clock())
                else:
                    self._set_aside(connection, task.claimed, task)
        except LostError:
            logger.warning("message %d took too long: somebody else has it in hand now", task.claimed.id)

    def _set_aside(self, connection: Connection, claimed: Claimed, task: _Task | None = None) -> None:
        """Try no more; say so to the person where it can be read who that is. A code or a PIN does not stay in it."""
        held = personal_codes.find(clean(task.given.text)) if task else None
        holds_secret = held is not None and bool(held.any or held.digits)
        inbox.set_aside(connection, claimed, blank=holds_secret)
        try:
            address = inbox.address(connection, claimed)
        except KeyringError:
            return
        route = self._routes[claimed.channel]
        content = list(parcels(self._bot.apology(route.rendering).replies, route.rendering))
        if task and holds_secret and route.takes_back:
            content.insert(0, OutboundMessage("", takes_back=task.message.provider_id))
        outbox.put(connection, claimed.channel, address, content, self._clock(), claimed.id)
