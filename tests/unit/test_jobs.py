"""Periodic jobs: each goes on whatever happens, none runs beside itself, and they end in order."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from bot import jobs
from bot.jobs import Job, PeriodicJobs, service_jobs


def running(given, seconds):
    async def work():
        async with PeriodicJobs(given).running():
            await asyncio.sleep(seconds)

    asyncio.run(work())


def counting(counts, name, seconds=0.05, work=None, **more):
    async def one():
        counts[name] = counts.get(name, 0) + 1
        if work:
            await work()

    return Job(name, seconds, one, **more)


async def fail():
    raise ValueError("i want to die, says 07700 900123")


def test_a_job_that_fails_goes_on_and_stops_no_other_and_is_logged_without_its_text(caplog):
    from bot.logs import DiscreetFormatter

    counts = {}
    running([counting(counts, "bad", work=fail), counting(counts, "good")], 0.6)
    assert counts["bad"] >= 3
    assert counts["good"] >= 3
    lines = [DiscreetFormatter().format(record) for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == counts["bad"]
    assert all("a periodic job failed: bad [ValueError" in line and "07700" not in line for line in lines)


def test_a_job_is_never_beside_itself_and_holds_up_no_other(caplog):
    caplog.set_level(logging.INFO)
    now, most, counts = [0], [0], {}

    async def slow():
        now[0] += 1
        most[0] = max(most[0], now[0])
        await asyncio.sleep(0.2)
        now[0] -= 1

    running([counting(counts, "slow", work=slow), counting(counts, "quick")], 0.8)
    assert (most, counts["slow"] >= 2, counts["quick"] > counts["slow"]) == ([1], True, True)
    assert caplog.records == [], "a run is no news, nor is that one takes longer than its interval"


def test_jobs_begin_at_once_or_after_an_interval():
    counts = {}
    running([counting(counts, "at once", 60, at_once=True), counting(counts, "later", 60)], 0.2)
    assert counts == {"at once": 1}


def test_at_the_end_each_is_ended_before_the_one_above_it_and_may_put_things_in_order():
    ended, counts = [], {}

    def ending(name):
        async def work():
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0.05)
                ended.append(name)

        return counting(counts, name, 0.05, work, at_once=True)

    running([ending("first"), ending("second"), ending("third")], 0.2)
    assert ended == ["third", "second", "first"]
    assert counts == {"first": 1, "second": 1, "third": 1}


def test_nothing_begins_after_the_end():
    counts = {}

    async def work():
        async with PeriodicJobs([counting(counts, "often", 0.02)]).running():
            await asyncio.sleep(0.2)
        before = counts["often"]
        await asyncio.sleep(0.2)
        assert counts["often"] == before

    asyncio.run(work())


def test_a_clock_that_is_set_back_holds_no_job_up():
    counts = {}

    async def work():
        periodic = PeriodicJobs([counting(counts, "hourly", 3600)])
        async with periodic.running():
            periodic.catch_up(datetime.now(UTC))
            await asyncio.sleep(0.1)
            assert counts == {}
            periodic.catch_up(datetime.now(UTC) - timedelta(hours=1))
            await asyncio.sleep(0.2)
            assert counts == {"hourly": 1}

    asyncio.run(work())


def test_the_list_has_every_job_of_the_service():
    async def nothing():
        pass

    names = dict.fromkeys(("heartbeat", "purge", "compact", "drain", "stats"), nothing)
    assert len(service_jobs(**names)) == 5
    listed = service_jobs(**names, train=nothing)
    assert len({job.name for job in listed}) == 6
    assert {job.seconds for job in listed} == {
        jobs.HEARTBEAT_SECONDS,
        jobs.PURGE_SECONDS,
        jobs.DRAIN_SECONDS,
        jobs.STATS_SECONDS,
        jobs.TRAINING_SECONDS,
    }


def test_a_process_says_that_it_runs_more_often_than_it_counts_as_gone():
    from bot.database import instances

    assert instances.SILENT.total_seconds() > jobs.HEARTBEAT_SECONDS * 2
