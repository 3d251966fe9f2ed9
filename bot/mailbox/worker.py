"""Handles what is in the inbox: one message, one transaction, from the claim to the reply in the outbox."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.database.engine import Database
from bot.mailbox import alerts, inbox, outbox, throttle
from bot.mailbox.crash import point
from bot.mailbox.inbox import Waiting
from bot.mailbox.parcels import parcels
from bot.mailbox.tables import conversation_state
from bot.mailbox.throttle import Load
from bot.messages import Answer, InboundMessage, Parcel, Rendering

logger = logging.getLogger(__name__)

HANG_SECONDS = 10
"""After so long handling a message counts as failed."""
_IDLE_SECONDS = 1.0
"""How often an idle worker looks for what another process stored, and for what is to be tried again."""


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

    def apology(self, rendering: Rendering) -> Answer:
        """Return what is said for a message that could not be handled."""
        ...

    def slow_down(self, rendering: Rendering) -> Answer:
        """Return what is said to somebody who writes too much at once."""
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
class Route:
    """How the messages of one channel are handled: as whose conversation, and in which form."""

    conversation: str
    """What stands before the address in the conversation's name: one person, one conversation, on any SMS gateway."""
    rendering: Rendering
    takes_back: bool = False
    """Whether a message that held a secret can be deleted where the person sees it."""


class Worker:
    """A thread with an event loop of its own, so that a whole message can be one transaction in one thread."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, Route],
        clock: Callable[[], datetime],
        on_reply: Callable[[], None],
        noted: Noted = lambda *_: None,
    ) -> None:
        """Handle the messages of the channels in ``routes``; ``on_reply`` is called when something is to be sent.

        ``noted`` is called in a message's transaction with what was answered.
        """
        self._database = database
        self._bot = bot
        self._routes = routes
        self._clock = clock
        self._on_reply = on_reply
        self._noted = noted
        self._woken = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something was stored."""
        self._woken.set()

    def stop(self) -> None:
        """Finish the message in hand, and end."""
        self._stopped = True
        self._woken.set()
        self._thread.join(HANG_SECONDS + 5)

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        while not self._stopped:
            self._woken.clear()
            try:
                busy = await self.handle_one()
            except Exception:
                logger.exception("the inbox could not be worked on")
                busy = False
            if not busy:
                self._woken.wait(_IDLE_SECONDS)

    async def handle_one(self) -> bool:
        """Handle the next message; tell whether there was one."""
        message: Waiting | None = None
        try:
            with self._database.transaction() as connection:
                message = inbox.claim(connection, self._routes, self._clock())
                if message is None:
                    return False
                await asyncio.wait_for(self._handle(connection, message), HANG_SECONDS)
                point("before the commit")
        except Exception:
            if message is None:
                raise
            logger.exception("a message could not be handled")
            await self._failed(message)
        point("after the commit")
        self._on_reply()
        return True

    async def _handle(self, connection: Connection, message: Waiting) -> None:
        route = self._routes[message.channel]
        name = f"{route.conversation}:{message.address}"
        await self._bot.remember(name, _state(connection, name))
        text = message.text if message.text is not None else ""
        point("before the answer")
        given = InboundMessage(name, text, route.rendering, at=message.received_at, public=message.public)
        load = throttle.load(connection, message)
        answer = await (self._bot.answer(given) if load is Load.FINE else self._slowed(connection, given, load))
        point("after the answer")
        now, heard = self._clock(), load is Load.FINE or bool(answer.alerts)
        if heard:
            _keep_state(connection, name, self._bot.remembered(name), now)
            self._noted(connection, route.conversation, text, answer, now)
        for topic in answer.alerts:
            alerts.put(connection, topic, message.channel, message.address, now, answer.participant_id)
        content = list(parcels(answer.replies, route.rendering, personal=answer.personal))
        if answer.held_secret and route.takes_back:
            content.insert(0, Parcel("", takes_back=message.provider_id))
        outbox.put(connection, message.channel, message.address, content, now, message.id)
        inbox.done(connection, message, blank=answer.held_secret, throttled=not heard)

    async def _slowed(self, connection: Connection, message: InboundMessage, load: Load) -> Answer:
        """Answer danger only, and undo whatever else came of hearing the message."""
        with connection.begin_nested() as heard:
            answer = await self._bot.answer(message)
            if answer.alerts:
                return answer
            heard.rollback()
        return self._bot.slow_down(message.rendering) if load is Load.TOO_MUCH else Answer(())

    async def _failed(self, message: Waiting) -> None:
        route, now = self._routes[message.channel], self._clock()
        # What the failed attempt left in memory is not what is stored.
        await self._bot.remember(f"{route.conversation}:{message.address}", None)
        with self._database.writing() as connection:
            if inbox.failed(connection, message, now):
                content = parcels(self._bot.apology(route.rendering).replies, route.rendering)
                outbox.put(connection, message.channel, message.address, content, now, message.id)


def _state(connection: Connection, conversation: str) -> str | None:
    query = select(conversation_state.c.state).where(conversation_state.c.conversation_hash == conversation)
    state: str | None = connection.execute(query).scalar()
    return state


def _keep_state(connection: Connection, conversation: str, state: str | None, now: datetime) -> None:
    if state is None:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(conversation_state).values(conversation_hash=conversation, state=state, updated_at=now)
    new = {"state": statement.excluded.state, "updated_at": statement.excluded.updated_at}
    connection.execute(statement.on_conflict_do_update(index_elements=["conversation_hash"], set_=new))
