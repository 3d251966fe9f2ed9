"""Every periodic job of the service, in one list. What runs without a pause (sender, workers, receivers) is no job."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)
# It tells of every run, and warns that a long job is not begun a second time, which is meant.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

HEARTBEAT_SECONDS = 15.0
PURGE_SECONDS = 3600.0
DRAIN_SECONDS = 2.0
STATS_SECONDS = 1.0
TRAINING_SECONDS = 3.0
_CLOCK_SECONDS = 30.0

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Job:
    """Something that is done again and again; what it raises is logged, without its text, and it goes on."""

    name: str
    """What the log calls it."""
    seconds: float
    """From one start to the next. A run that takes longer is not overtaken: the next one waits for its turn."""
    work: Work
    at_once: bool = False
    """Whether it is done when the service starts as well, and not only after the first interval."""


def service_jobs(
    *, heartbeat: Work, purge: Work, compact: Work, drain: Work, stats: Work, train: Work | None = None
) -> list[Job]:
    """Return the jobs of one process of the service, in the order in which they begin."""
    jobs = [
        Job("saying that this process runs", HEARTBEAT_SECONDS, heartbeat),
        Job("deleting what has been kept for its period", PURGE_SECONDS, purge, at_once=True),
        Job("adding counts of questions up", PURGE_SECONDS, compact, at_once=True),
        Job("taking in alerts that waited for the database", DRAIN_SECONDS, drain, at_once=True),
        Job("keeping counts of what was asked at the screen", STATS_SECONDS, stats),
    ]
    return (
        [*jobs, Job("grouping new questions, and training", TRAINING_SECONDS, train, at_once=True)] if train else jobs
    )


class PeriodicJobs:
    """Runs jobs on an event loop, side by side and none beside itself."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Run ``jobs`` for as long as the context of :meth:`running` lasts."""
        self._jobs = jobs
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the jobs; at the end none begins any more, and those under way are cancelled, the last of the list first.

        A job that is cancelled may still put things in order: that is waited for before the one before it is ended.
        """
        for job in self._jobs:
            first = datetime.now(UTC) + timedelta(seconds=0 if job.at_once else job.seconds)
            self._scheduler.add_job(
                self._run, "interval", seconds=job.seconds, args=[job], id=job.name, next_run_time=first
            )
        self._scheduler.start()
        watch = asyncio.create_task(self._watch_clock())
        try:
            yield
        finally:
            self._ending = True
            self._scheduler.pause()
            watch.cancel()
            for job in reversed(self._jobs):
                await self._end(job.name)
            self._scheduler.shutdown()
            await asyncio.sleep(0)  # the scheduler ends in the loop's next turn

    async def _run(self, job: Job) -> None:
        if self._ending:  # begun by the scheduler just before it was stopped
            return
        task = self._tasks[job.name] = asyncio.ensure_future(_worked(job))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            pass  # the service ends, and with it the job: see _end
        finally:
            self._tasks.pop(job.name, None)

    async def _end(self, name: str) -> None:
        if (task := self._tasks.get(name)) is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _watch_clock(self) -> None:
        """See to it that a clock that is set back holds no job up: the scheduler goes by the time of day."""
        while True:
            await asyncio.sleep(_CLOCK_SECONDS)
            self.catch_up(datetime.now(UTC))

    def catch_up(self, now: datetime) -> None:
        """Do at once what is not due for longer than its interval after ``now``."""
        for job in self._jobs:
            scheduled = self._scheduler.get_job(job.name)
            if scheduled.next_run_time > now + timedelta(seconds=job.seconds):
                scheduled.modify(next_run_time=now)


async def _worked(job: Job) -> None:
    try:
        await job.work()
    except Exception:
        logger.exception("a periodic job failed: %s", job.name)
