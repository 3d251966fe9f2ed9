"""What runs beside the pages: the worker on the inbox, the sender on the outbox, and what wakes them."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from cachetools import FIFOCache
from sqlalchemy.engine import Connection

from bot.alerts import alert_store, undelivered
from bot.alerts.alert_journal import AlertJournal, PendingAlert
from bot.alerts.escalation import Escalation
from bot.alerts.escalation_policy import EscalationPolicy
from bot.conversation.unit import ConversationUnit
from bot.database import instances
from bot.database.engine import Database, DatabaseError
from bot.database.group_commit import GroupCommit
from bot.database.unit_of_work import ChangedError
from bot.errors import PermanentSendError, TransientSendError
from bot.jobs import Job, PeriodicJobs, Work, service_jobs
from bot.messages import Answer, Arrival, InboundMessage, Receipt
from bot.messaging import inbox, outbox, postgres_listener
from bot.messaging.failpoint import failpoint
from bot.messaging.gateways import Receive
from bot.messaging.outbound import to_outbound
from bot.messaging.sender import Send, Sender
from bot.messaging.worker import HANG_SECONDS, Bot, ChannelConfig, Worker
from bot.messaging.worker_pool import WorkerPool
from bot.retention import key_rotation
from bot.retention.purge import Periods, purge_expired
from bot.review import question_stats
from bot.runtime.answer_threads import Answers, in_own_loop
from bot.runtime.health import Health
from bot.runtime.readiness import Readiness

logger = logging.getLogger(__name__)

_BEGIN_TRIES, _BEGIN_AGAIN_SECONDS = 3, 1.0
_REMEMBERED = 1000
_RECEIPT_TRIES, _RECEIPT_WAIT_SECONDS = 4, 0.5
"""Together less than any gateway waits for an answer to its call."""
STORE_SECONDS = 3.0
"""After so long a gateway is told to come again, and somebody in danger is answered directly."""
ALERT_SECONDS = 1.0
"""After so long the alert of somebody at a screen goes where alerts wait: their answer waits for it."""
DIRECT_SECONDS = 5.0
"""How long a gateway is given to take a direct answer; its own call of this service waits for that."""
JOURNAL_SECONDS = 1.0

T = TypeVar("T")


class BackgroundRuntime:
    """Takes arrivals and receipts in, and sees to it that they are handled."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        routes: Mapping[str, ChannelConfig],
        channels: Mapping[str, Send],
        clock: Callable[[], datetime],
        periods: Periods = Periods(),  # noqa: B008  # it cannot be changed
        receivers: Sequence[Receive] = (),
        journal: AlertJournal | None = None,
        escalation: EscalationPolicy | None = None,
        works: Callable[[], Awaitable[bool]] | None = None,
        folders: Sequence[Path] = (),
        train: Work | None = None,
    ) -> None:
        """Handle and send for ``channels``, whose messages are handled as ``routes`` say; what has been kept for its
        period is deleted.

        ``receivers`` run meanwhile: what fetches messages instead of being called. Alerts wait in ``journal`` while the
        database is down; the phones of ``escalation`` are told of alerts that nobody takes on. ``works`` tries the
        model, and ``folders`` are those that need room on their disks, for whoever asks whether the service works.
        ``train`` looks after new questions and training.
        """
        self._id = uuid.uuid4().hex
        self._database = database
        self._writes = GroupCommit(database)
        self._bot = bot
        self._answers = Answers(bot, HANG_SECONDS)
        self._routes = routes
        self._channels = channels
        self._clock = clock
        self._periods = periods
        self._receivers = receivers
        self._journal = journal
        self._train = train
        self._answered_directly: FIFOCache[tuple[str, str], bool] = FIFOCache(_REMEMBERED)
        self._sender = Sender(database, channels, clock)
        self._escalation = Escalation(database, escalation, clock, self._sender.wake) if escalation else None
        self._worker = WorkerPool(Worker(database, bot, routes, clock, self._sender.wake))
        self._pending_stats: list[tuple[str, Answer, datetime]] = []
        wake = {postgres_listener.INBOX: self._worker.wake, postgres_listener.OUTBOX: self._sender.wake}
        self._listener = postgres_listener.PostgresListener(database, wake)
        self._readiness = Readiness(database, self._id, channels, clock, journal, works, folders)

    async def store(self, arrival: Arrival) -> None:
        """Keep ``arrival`` and have it handled; where that takes too long, answer at least somebody in danger.

        Raise DatabaseError then: the provider comes again. What was to be kept may be kept a little later all the
        same, and the provider's next call is then the same message.
        """
        failpoint("before the storing")
        reply_format = self._routes[arrival.channel].reply_format
        danger = await self._answers.safety_response(InboundMessage(arrival.address, arrival.text or "", reply_format))
        try:
            await self._within(
                STORE_SECONDS, lambda c: inbox.store(c, arrival, self._clock(), urgent=danger is not None)
            )
        except DatabaseError:
            if danger is not None:
                await self._answer_danger(arrival, danger)
            raise
        failpoint("after the storing")
        self._worker.wake()

    async def answer(self, message: InboundMessage) -> Answer:
        """Answer a message of which nothing is kept, such as one that staff try out."""
        return await self._answers.to(message, self._unit(message))

    async def in_danger(self, message: InboundMessage) -> bool:
        """Tell whether a message plainly says that a life or a child is at risk; no long text holds up the others."""
        return await self._answers.safety_response(message) is not None

    async def handle_web_message(self, message: InboundMessage, unit: ConversationUnit | None = None) -> Answer:
        """Answer somebody who waits at a kiosk; what staff must hear of is kept before this returns.

        What the answer changes in the record is written before this returns too. Where that fails, or something else
        came in between, the person gets an apology, and nothing was changed.
        """
        unit = unit or self._unit(message)
        answer = await self._answers.to(message, unit)
        now = self._clock()
        if unit.has_writes and not await self._committed(unit):
            unit.discard()
            answer = answer if answer.alerts else self._bot.apology(message.reply_format)
        self._pending_stats.append((message.text, answer, now))
        if answer.alerts:
            kept = PendingAlert.all(answer.alerts, message.address, now, message.origin, answer.participant_id)
            try:
                await self._within(ALERT_SECONDS, lambda c: self._raise(c, kept, answer.participant_id, now))
            except DatabaseError:
                await self._keep_alerts(kept)
        return answer

    def _unit(self, message: InboundMessage) -> ConversationUnit:
        return ConversationUnit(self._database, message.address, self._clock)

    async def _committed(self, unit: ConversationUnit) -> bool:
        try:
            await self._within(STORE_SECONDS, unit.perform)
        except (DatabaseError, ChangedError):
            logger.exception("what a message at a kiosk changes could not be written")
            return False
        return True

    async def _within(self, seconds: float, work: Callable[[Connection], T]) -> T:
        """Write, and wait so long for it; what has been begun may still come to its end afterwards."""
        writing = asyncio.ensure_future(self._writes.write(work))
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(writing)
        except TimeoutError:
            writing.add_done_callback(_heard)
            self._database.patience.missed()  # nobody need wait for it in full just now
            raise DatabaseError(f"the database has kept nothing for {seconds} s") from None

    @staticmethod
    def _raise(connection: Connection, raised: list[PendingAlert], participant_id: int | None, now: datetime) -> None:
        for one in raised:
            alert_store.put(connection, one.topic, one.address, now, participant_id, origin=one.origin)

    async def flush_stats(self) -> None:
        """Keep what was asked at the screen since the last time: nobody's answer waits for this."""
        taken, self._pending_stats = self._pending_stats, []
        if not taken:
            return

        def note(connection: Connection) -> None:
            for text, answer, at in taken:
                question_stats.note(connection, "screen", text, answer, at)

        try:
            await self._writes.write(note)
        except DatabaseError:  # counts are not worth holding on to texts for
            logger.warning("what was asked at the screen could not be counted")

    async def health(self) -> Health:
        """Return which parts of the service work."""
        return await self._readiness.look()

    def wake_sender(self) -> None:
        """Say that something was put into the outbox."""
        self._sender.wake()

    async def note(self, receipt: Receipt) -> None:
        """Keep what a receipt says. It may overtake the note that the message was sent: that is waited for a little."""
        for _ in range(_RECEIPT_TRIES):
            if await self._within(STORE_SECONDS, lambda c: self._received(c, receipt)):
                return
            await asyncio.sleep(_RECEIPT_WAIT_SECONDS)
        logger.warning("a receipt of %s is about no message of ours", receipt.channel)

    def _received(self, connection: Connection, receipt: Receipt) -> bool:
        known = outbox.received(connection, receipt)
        danger = None if receipt.delivered else outbox.danger_not_delivered(connection, receipt)
        if danger is not None:
            undelivered.alert_staff(connection, *danger, self._clock(), urgent=True)
        return known

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work on the mailbox for as long as the context lasts; finish what is in hand before it ends."""
        await self._begin()
        await self._prepare_journal()
        self._worker.start()
        self._listener.start()
        running = [
            self._sender.run(),
            *([self._escalation.run()] if self._escalation else []),
            *(receive(self.store) for receive in self._receivers),
        ]
        tasks = [asyncio.ensure_future(one) for one in running]
        try:
            async with PeriodicJobs(self._jobs()).running():
                yield
        finally:
            for task in reversed(tasks):  # nothing more comes in, and the sender stays to the last
                if task is tasks[0]:
                    await self._database.in_thread(self._stop_worker)
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self.flush_stats()
            await self._end()

    async def _begin(self) -> None:
        """Say that this process is at work; raise KeyringError where its key was changed while it started."""
        for _ in range(_BEGIN_TRIES):
            try:
                await self._database.write(self._begun)
            except DatabaseError:
                logger.exception("it could not be noted that the service runs")
                await asyncio.sleep(_BEGIN_AGAIN_SECONDS)
            else:
                return

    async def _prepare_journal(self) -> None:
        if self._journal is not None:
            try:
                await self._database.in_thread(self._journal.prepare)
            except OSError:
                logger.critical("there is no room on the disk for the alerts that have to wait for the database")

    def _begun(self, connection: Connection) -> None:
        instances.alive(connection, self._id, self._clock())
        key_rotation.assert_current_key(connection, self._database.keyring)

    def _jobs(self) -> list[Job]:
        return service_jobs(
            heartbeat=lambda: self._database.write(lambda c: instances.alive(c, self._id, self._clock())),
            purge=lambda: self._database.write(partial(purge_expired, now=self._clock(), periods=self._periods)),
            compact=lambda: self._database.write(partial(question_stats.compact, now=self._clock())),
            drain=self._drain,
            stats=self.flush_stats,
            train=self._train,
        )

    async def _end(self) -> None:
        try:
            await self._database.write(lambda c: instances.ended(c, self._id))
            await self._database.in_thread(self._database.close)
        except DatabaseError:
            logger.exception("the database could not be closed as it should be")

    async def _drain(self) -> None:
        """Take the alerts that waited for the database into it, as soon as it is there again."""
        if self._journal is None:
            return
        taken = await self._database.in_thread(self._journal.drain, self._database)
        if taken:
            logger.warning("%d alerts that waited for the database are in it now", taken)
            if self._escalation:
                self._escalation.wake()

    def _stop_worker(self) -> None:
        self._listener.stop()
        self._worker.stop()

    async def _answer_danger(self, arrival: Arrival, answer: Answer) -> None:
        """Answer a message of life or a child at risk directly: nothing of it can be stored now.

        The provider is told that storing failed and will come again, and is answered once more when it can be stored:
        a second answer is the lesser evil.
        """
        name = arrival.channel, arrival.provider_id
        if name in self._answered_directly:
            return
        self._answered_directly[name] = True  # at once: the provider may come again while it is being answered
        await self._keep_alerts(PendingAlert.all(answer.alerts, arrival.address, self._clock()))
        reply_format = self._routes[arrival.channel].reply_format
        try:
            async with asyncio.timeout(DIRECT_SECONDS):
                for outbound in to_outbound(answer.replies, reply_format):
                    await self._channels[arrival.channel](arrival.address.value, outbound)
        except (TransientSendError, PermanentSendError, TimeoutError) as error:
            self._answered_directly.pop(name, None)
            logger.critical("%s: could not be answered while the database is down: %s", answer.alerts[0], error)
            return
        except Exception:  # whatever it is, the provider's next call is answered again
            self._answered_directly.pop(name, None)
            logger.exception("%s: could not be answered while the database is down", answer.alerts[0])
            return
        logger.critical("%s: answered while the database is down", answer.alerts[0])

    async def _keep_alerts(self, raised: list[PendingAlert]) -> None:
        try:
            if self._journal is None:
                raise OSError("no alert journal")
            async with asyncio.timeout(JOURNAL_SECONDS):
                await in_own_loop(partial(self._append_to_journal, raised))
        except (OSError, TimeoutError):  # answering does not wait for it
            logger.critical("%s: the alert could not be kept; staff have to be told", raised[0].topic)

    async def _append_to_journal(self, raised: list[PendingAlert]) -> None:
        if self._journal is not None:
            self._journal.append(raised)


def _heard(writing: "asyncio.Future[Any]") -> None:
    """Take an error that nobody waits for any more, so that it is not reported as one that was overlooked."""
    if not writing.cancelled():
        writing.exception()
