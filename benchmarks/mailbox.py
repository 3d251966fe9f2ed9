"""Measures the whole way of a text message: from the gateway's call to the reply at the gateway, everything stored.

Fifty people write twenty messages each, all at once, through Kannel's webhook; a stand-in for Kannel takes the
replies. Beside it stock Rasa's REST channel, which stores nothing, with as many senders. Writes
docs/reference/measurements/mailbox.md. PostgreSQL is measured too where LEAFLINE_TEST_POSTGRESQL or a local server has
one.
"""

import asyncio
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from benchmarks import stock_serving
from benchmarks.cache_folder import CACHE
from bot.database.keyring import new_key
from bot.settings import ROOT
from bot.training import models
from evaluation import sets
from evaluation.progress import say

REPORT = ROOT / "docs" / "reference" / "measurements" / "mailbox.md"
PEOPLE, EACH = 50, 20
SINK_PORT, STOCK_PORT, FIRST_PORT = 8810, 8811, 8812
POSTGRESQL = os.environ.get("LEAFLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@dataclass
class Measured:
    """What came of one run."""

    name: str
    seconds: float
    acknowledged: list[float]
    """Milliseconds until each message was acknowledged."""
    errors: int

    @property
    def rate(self) -> float:
        """Messages a second."""
        return PEOPLE * EACH / self.seconds

    def percentile(self, share: float) -> float:
        """Return a percentile of the acknowledgements, in milliseconds."""
        return sorted(self.acknowledged)[int(share * (len(self.acknowledged) - 1))]


class Sink:
    """A stand-in for Kannel's sendsms: takes everything at once, and knows what came for whom."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.people_done = asyncio.Event()
        self.expected = 0

    async def take(self, request: web.Request) -> web.Response:
        """Take one message."""
        self.came[request.query["to"]] += 1
        if self.came.total() >= self.expected:
            self.people_done.set()
        return web.Response(status=202, text="0: Accepted for delivery")

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the context lasts."""
        application = web.Application()
        application.router.add_get("/sendsms", self.take)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", SINK_PORT).start()
        try:
            yield
        finally:
            await runner.cleanup()


def main() -> int:
    """Measure, print and write the table."""
    models.ready(ROOT / "models")
    say("training stock Rasa, if that has not been done (some twenty minutes)")
    stock = stock_serving.project(CACHE)
    found = asyncio.run(_measured(stock))
    text = report(found)
    REPORT.write_text(text, "utf-8")
    print(text)
    return 0


async def _measured(stock: Path) -> list[Measured]:
    texts = [case.text for case in sets.cases() if case.topic not in ("crisis", "child_at_risk", "stop_messages")]
    found = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        with tempfile.TemporaryDirectory() as folder:
            say("Leafline on SQLite, one process")
            url = f"sqlite:///{folder}/record.db"
            found.append(await _leafline("Leafline, SQLite, one process", url, "", [FIRST_PORT], http, texts))
        with contextlib.suppress(OperationalError), _postgresql() as url:
            for processes in (1, 2):
                say(f"Leafline on PostgreSQL, {processes} at once")
                ports = [FIRST_PORT + i for i in range(processes)]
                name = f"Leafline, PostgreSQL, {'two processes' if processes == 2 else 'one process'}"
                found.append(await _leafline(name, url, new_key(), ports, http, texts))
                # The next run has another key.
                _administer(make_url(url), "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        say("stock Rasa")
        command = [stock_serving.RASA, "run", "--port", str(STOCK_PORT), "-i", "127.0.0.1"]
        async with _running(command, stock, {}, [STOCK_PORT], "/", http):
            found.append(await _stock(http, texts))
    return found


async def _leafline(
    name: str, url: str, key: str, ports: list[int], http: aiohttp.ClientSession, texts: list[str]
) -> Measured:
    environment = {
        "DATABASE_URL": url,
        "LEAFLINE_SMS_SENDER": "Desk",
        "LEAFLINE_PUBLIC_URL": "http://127.0.0.1",
        "LEAFLINE_KANNEL_URL": f"http://127.0.0.1:{SINK_PORT}/sendsms",
        "LEAFLINE_KANNEL_USERNAME": "u",
        "LEAFLINE_KANNEL_PASSWORD": "p",
        "LEAFLINE_KANNEL_TOKEN": "token",
    } | ({"LEAFLINE_DATABASE_KEY": key} if key else {})
    sink, command = Sink(), [sys.executable, "-m", "bot", "serve"]

    async def send(person: int, number: int) -> int:
        query = {"token": "token", "id": uuid.uuid4().hex, "from": f"07700900{person:03d}"}
        url = f"http://127.0.0.1:{ports[person % len(ports)]}/webhooks/kannel"
        async with http.post(url, params=query, data=_text(texts, person, number)) as response:
            return response.status

    async with sink.running(), _running(command, ROOT, environment, ports, "/health", http):
        for person in range(900, 900 + 4 * len(ports)):  # warm
            await send(person, 0)
        await asyncio.sleep(3)
        sink.came.clear()
        sink.expected = PEOPLE * EACH
        sink.people_done.clear()
        started = time.perf_counter()
        acknowledged, errors = await _everybody(send)
        await asyncio.wait_for(sink.people_done.wait(), 300)
        seconds = time.perf_counter() - started
        await asyncio.sleep(1)
    # A long answer goes out as several messages: each person gets at least one for each of theirs.
    errors += sum(sink.came[f"+447700900{person:03d}"] < EACH for person in range(PEOPLE))
    return Measured(name, seconds, acknowledged, errors)


async def _stock(http: aiohttp.ClientSession, texts: list[str]) -> Measured:
    async def send(person: int, number: int) -> int:
        body = {"sender": f"mailbox{person}", "message": _text(texts, person, number)}
        async with http.post(f"http://127.0.0.1:{STOCK_PORT}/webhooks/rest/webhook", json=body) as response:
            await response.read()
            return response.status

    await send(999, 0)
    started = time.perf_counter()
    acknowledged, errors = await _everybody(send)
    return Measured("stock Rasa, REST", time.perf_counter() - started, acknowledged, errors)


def _text(texts: list[str], person: int, number: int) -> str:
    return texts[(person * EACH + number) % len(texts)]


async def _everybody(send: Callable[[int, int], Awaitable[int]]) -> tuple[list[float], int]:
    acknowledged: list[float] = []
    errors = 0

    async def one(person: int) -> None:
        nonlocal errors
        for number in range(EACH):
            started = time.perf_counter()
            errors += await send(person, number) != 200
            acknowledged.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(one(person) for person in range(PEOPLE)))
    return acknowledged, errors


@contextlib.asynccontextmanager
async def _running(
    command: list[str],
    folder: Path,
    environment: dict[str, str],
    ports: list[int],
    path: str,
    http: aiohttp.ClientSession,
) -> AsyncIterator[None]:
    processes = []
    with tempfile.TemporaryFile() as log:
        try:
            for port in ports:
                own = os.environ | environment | {"LEAFLINE_PORT": str(port)}
                processes.append(
                    subprocess.Popen(command, cwd=folder, env=own, stdout=log, stderr=log, start_new_session=True)
                )
                await _up(f"http://127.0.0.1:{port}{path}", http)
            yield
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGTERM)
            for process in processes:
                process.wait(60)


async def _up(url: str, http: aiohttp.ClientSession) -> None:
    for _ in range(1200):
        with contextlib.suppress(aiohttp.ClientError):
            async with http.get(url):
                return
        await asyncio.sleep(0.1)
    raise RuntimeError(f"nothing answered at {url} within two minutes")


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    """Make a database, and drop it afterwards."""
    server, name = make_url(POSTGRESQL), f"leafline_bench_{uuid.uuid4().hex[:8]}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def report(found: list[Measured]) -> str:
    """Return the comparison in Markdown."""
    stock = found[-1]
    lines = [HEAD]
    for one in found:
        ack = f"{statistics.median(one.acknowledged):.0f} / {one.percentile(0.99):.0f}" if one is not stock else "–"
        lines.append(f"| {one.name} | {one.rate:.1f} | {one.rate / stock.rate:.2f} | {ack} | {one.errors} |")
    return "\n".join(lines) + "\n"


HEAD = f"""# The mailbox under load

`make bench` measures this on your machine and writes it here. {PEOPLE} people write {EACH} messages each, all at once,
through Kannel's webhook; each message is stored, acknowledged, answered, the reply stored and handed to a stand-in for
Kannel, and its sending noted. Stock Rasa answers the same questions from as many senders over its REST channel and
stores nothing. Whoever sends, and the stand-in, run on the same machine. Aims: at least 4 times stock Rasa's messages
a second; acknowledged within 100 ms for 99 of 100; no errors.

| | messages/s | times stock | acknowledged, ms (median / p99) | errors |
|---|---|---|---|---|"""


if __name__ == "__main__":
    sys.exit(main())
