"""Looks after alerts that nobody takes on: wakes when the next one becomes overdue, and has the duty phones texted."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.alerts import escalation_policy
from bot.alerts.escalation_policy import EscalationPolicy
from bot.database.engine import Database
from bot.records import audit

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 60.0
"""Seconds. No alert raised meanwhile is overdue sooner, for the settings are in whole minutes; one that waited outside
the database, and a phone that could not be reached, are found so late at most."""
_AFTER_A_FAULT = 5.0
_CALLS = {1: "the first duty phone was texted", 2: "all duty phones were texted"}


class Escalation:
    """A task of the service's event loop. Several processes may have one each: what is due is done once."""

    def __init__(
        self, database: Database, policy: EscalationPolicy, clock: Callable[[], datetime], on_text: Callable[[], None]
    ) -> None:
        """Tell ``policy``'s phones; ``on_text`` is called when something is to be sent."""
        self._database = database
        self._policy = policy
        self._clock = clock
        self._on_text = on_text
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say, on the event loop, that an alert came in that may be overdue already."""
        self._woken.set()

    async def run(self) -> None:
        """Escalate what is due and wait for the next alert, until cancelled. No failure ends it."""
        while True:
            self._woken.clear()
            try:
                seconds = await self.run_once()
            except Exception:
                logger.exception("overdue alerts could not be looked after")
                seconds = _AFTER_A_FAULT
            with suppress(TimeoutError):  # not wait_for, which can swallow a cancellation in Python 3.11
                async with asyncio.timeout(seconds):
                    await self._woken.wait()

    async def run_once(self) -> float:
        """Text the duty phones about the alerts that are due; return after how many seconds to look again."""
        escalated, upcoming = await self._database.write(self._work)
        if escalated:
            logger.warning("the duty phones are texted: alerts are waiting (%d)", escalated)
            self._on_text()
        if upcoming is None:
            return _LONGEST_WAIT
        return min(max((upcoming - self._clock()).total_seconds(), 0.0), _LONGEST_WAIT)

    def _work(self, connection: Connection) -> tuple[int, datetime | None]:
        now = self._clock()
        escalated = escalation_policy.escalate_due(connection, self._policy, now)
        for one in escalated:
            detail = f"alert {one.alert_id}: {_CALLS[one.call]}"
            audit.note(connection, now, audit.SERVICE, "alert escalated", one.participant_id, detail)
        return len(escalated), escalation_policy.next_moment(connection, self._policy)
