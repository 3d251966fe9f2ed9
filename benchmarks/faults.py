"""Measures the running service during faults of what it depends on; writes docs/reference/measurements/faults.md.

Stand-ins for Kannel and GOV.UK Notify on loopback are told to misbehave, SQLite's write lock is held, an answer blocks
its thread, a PostgreSQL falls silent behind a proxy. Meanwhile somebody asks, and somebody in danger writes by text
message and at the screen: at the first touch, with a cookie, with one that was left alone, and without JavaScript.
Takes about five minutes. PostgreSQL is tried too where LEAFLINE_TEST_POSTGRESQL or a local server has one.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from benchmarks.fault_entry import BLOCKS
from benchmarks.fault_stands import Mood, Provider, Wire
from benchmarks.mailbox import _postgresql
from bot.database.keyring import new_key
from bot.settings import ROOT
from bot.training import models
from bot.web.kiosk.visits import IDLE
from evaluation.progress import say

REPORT = ROOT / "docs" / "reference" / "measurements" / "faults.md"
CRISIS, QUESTION = "i want to kill myself", "what if I miss a session"
HELP_LINE = "116 123"
LONGEST = 40.0
_NUMBERS = itertools.count()


@dataclass
class Found:
    """What was measured during one fault; the worst of all tries."""

    fault: str
    acknowledged: list[tuple[float, int]] = field(default_factory=list)
    """Seconds until an ordinary message was acknowledged, and with which status."""
    by_text: list[float] = field(default_factory=list)
    at_screen: dict[str, list[float]] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    after: str = ""


@dataclass
class Service:
    """The running service and what it works with."""

    url: str
    http: httpx.AsyncClient
    kannel: Provider
    notify: Provider

    async def writes(self, gateway: str, text: str, number: str | None = None) -> tuple[float, int]:
        """Write as a telephone; return how long that took to be acknowledged, and with which status."""
        number, started, id_ = number or _number(), time.monotonic(), uuid.uuid4().hex
        if gateway == "kannel":
            query = {"token": "token", "id": id_, "from": number}
            response = await self.http.post(f"{self.url}/webhooks/kannel", params=query, content=text)
        else:
            body = {"id": id_, "source_number": number, "message": text, "date_received": "2026-01-01T00:00:00Z"}
            bearer = {"authorization": "Bearer bearer-token"}
            response = await self.http.post(f"{self.url}/webhooks/notify", json=body, headers=bearer)
        return time.monotonic() - started, response.status_code

    async def in_danger_by_text(self, gateway: str) -> float:
        """Return how long somebody in danger waits for the reply."""
        provider: Provider = getattr(self, gateway)
        number, started = _number(), time.monotonic()
        writing = asyncio.create_task(self.writes(gateway, CRISIS, number))
        waited = await provider.since(f"+44{number[1:]}", started, LONGEST)
        await writing
        return LONGEST if waited is None else waited

    async def at_screen(self, cookie: str | None, *, form: bool = False) -> float:
        """Return how long somebody in danger waits at a screen."""
        started = time.monotonic()
        headers = {"cookie": f"conversation={cookie}"} if cookie else {}
        if form:
            response = await self.http.post(f"{self.url}/", data={"text": CRISIS}, headers=headers)
        else:
            response = await self.http.post(f"{self.url}/messages", json={"text": CRISIS}, headers=headers)
        took = time.monotonic() - started
        return took if response.status_code == 200 and HELP_LINE in response.text else LONGEST

    async def ready(self) -> str:
        """Return what the service says of itself."""
        response = await self.http.get(f"{self.url}/health/ready")
        failing = [name for name, state in response.json()["checks"].items() if state != "ok"]
        return f"503: {', '.join(failing)}" if failing else str(response.status_code)

    async def visitor(self) -> str:
        """Begin a visit and return its cookie."""
        response = await self.http.post(f"{self.url}/messages", json={"text": QUESTION})
        given = SimpleCookie(response.headers["set-cookie"])
        return given["conversation"].value

    async def is_ready_again(self) -> str:
        """Say after how many seconds the service calls itself ready."""
        started = time.monotonic()
        while time.monotonic() < started + LONGEST:
            with contextlib.suppress(httpx.TransportError):
                if await self.ready() == "200":
                    return f"after {time.monotonic() - started:.0f} s"
            await asyncio.sleep(0.5)
        return f"not within {LONGEST:.0f} s"


async def tried(service: Service, fault: str, gateway: str, cookies: dict[str, str], at: list[float]) -> Found:
    """Try everything at the moments ``at``, in seconds from now."""
    found, started = Found(fault), time.monotonic()
    for moment in at:
        await asyncio.sleep(max(0.0, started + moment - time.monotonic()))

        async def acknowledged() -> None:
            found.acknowledged.append(await service.writes(gateway, QUESTION))

        async def by_text() -> None:
            found.by_text.append(await service.in_danger_by_text(gateway))

        async def screen(name: str, cookie: str | None, *, form: bool = False) -> None:
            found.at_screen.setdefault(name, []).append(await service.at_screen(cookie, form=form))

        async def ready() -> None:
            found.ready.add(await service.ready())

        tries = [screen(name, cookie) for name, cookie in cookies.items()]
        await asyncio.gather(
            acknowledged(), by_text(), ready(), screen("first", None), screen("form", None, form=True), *tries
        )
    return found


async def providers(service: Service, cookies: dict[str, str]) -> AsyncIterator[Found]:
    """Have Notify misbehave in each way while people write by it, and others by Kannel."""
    yield await tried(service, "nothing is wrong", "kannel", cookies, [0, 2])
    for mood in (Mood.HANGS, Mood.TRICKLES, Mood.RESETS, Mood.FAILS):
        service.notify.mood = mood
        await asyncio.gather(*(service.writes("notify", QUESTION) for _ in range(30)))
        yield await tried(service, f"Notify {mood.value}, 30 wait for it", "kannel", cookies, [1, 6, 11])
    service.notify.mood = Mood.WELL


async def blocked(service: Service, cookies: dict[str, str]) -> Found:
    """Have answers block their threads for 40 seconds, by text message and at screens."""
    await asyncio.gather(*(service.writes("notify", f"where is {BLOCKS}") for _ in range(4)))
    screens = [
        asyncio.create_task(service.http.post(f"{service.url}/messages", json={"text": f"where is {BLOCKS}"}))
        for _ in range(3)
    ]
    found = await tried(service, "7 answers block for 40 s", "kannel", cookies, [1, 8, 16, 24])
    for one in screens:
        one.cancel()
    await asyncio.gather(*screens, return_exceptions=True)
    return found


async def locked(service: Service, cookies: dict[str, str], file: str) -> Found:
    """Hold SQLite's write lock for 45 seconds."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    found = await tried(service, "SQLite's write lock is held, 45 s", "kannel", cookies, [1, 12, 22, 30, 40])
    connection.execute("ROLLBACK")
    connection.close()
    found.after = await service.is_ready_again()
    return found


async def fell_silent(service: Service, cookies: dict[str, str], wire: Wire) -> Found:
    """Have PostgreSQL say nothing for 45 seconds."""
    wire.silent = True
    found = await tried(service, "PostgreSQL falls silent, 45 s", "kannel", cookies, [1, 10, 17.5, 25, 40])
    wire.silent = False
    found.after = await service.is_ready_again()
    return found


async def measured() -> list[Found]:
    """Measure everything. Both services start first, so that the visits that are to be left alone are."""
    found: list[Found] = []
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        postgresql = await _on_postgresql(stack)
        file = f"{folder}/record.db"
        service = await stack.enter_async_context(_service({"DATABASE_URL": f"sqlite:///{file}"}, folder))
        visits = {"cookie": await service.visitor(), "left alone": await service.visitor()}
        left_at = time.monotonic()
        async for one in providers(service, {"cookie": visits["cookie"]}):
            found.append(_told(one))
        found.append(_told(await blocked(service, {"cookie": visits["cookie"]})))
        say("waiting until a visit is over that was left alone")
        await asyncio.sleep(max(0.0, left_at + IDLE.total_seconds() + 3 - time.monotonic()))
        found.append(_told(await locked(service, visits, file)))
        if postgresql:
            found.append(_told(await fell_silent(*postgresql)))
    return found


async def _on_postgresql(stack: contextlib.AsyncExitStack) -> tuple[Service, dict[str, str], Wire] | None:
    """Return a service on PostgreSQL with a visit that is left alone from now on; None where no server runs."""
    try:
        url = make_url(stack.enter_context(_postgresql()))
    except OperationalError:
        return None
    wire = Wire(url.port or 5432)
    await stack.enter_async_context(wire.running())
    through = url.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
    settings = {"DATABASE_URL": through, "LEAFLINE_DATABASE_KEY": new_key()}
    service = await stack.enter_async_context(_service(settings, stack.enter_context(tempfile.TemporaryDirectory())))
    return service, {"left alone": await service.visitor()}, wire


def _number() -> str:
    return f"07700900{next(_NUMBERS) % 1000:03d}"


def _told(found: Found) -> Found:
    say(row(found))
    return found


@contextlib.asynccontextmanager
async def _service(own: dict[str, str], folder: str) -> AsyncIterator[Service]:
    kannel, notify = Provider(), Provider()
    forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # what a visit holds is given with each request
    client = httpx.AsyncClient(timeout=90, limits=httpx.Limits(), cookies=forgetful)
    async with kannel.running(), notify.running(), client as http:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        say("starting the service")
        environment = os.environ | _settings(port, kannel, notify, folder) | own
        command = [sys.executable, "-m", "benchmarks.fault_entry", "serve"]
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            service = Service(f"http://127.0.0.1:{port}", http, kannel, notify)
            try:
                await _up(service, process)
                yield service
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)


def _settings(port: int, kannel: Provider, notify: Provider, folder: str) -> dict[str, str]:
    key = f"bench-{uuid.uuid4()}-{uuid.uuid4()}"
    return {
        "LEAFLINE_PORT": str(port),
        "LEAFLINE_PUBLIC_URL": "http://127.0.0.1",
        "LEAFLINE_SMS_SENDER": "Desk",
        "LEAFLINE_SPOOL": f"{folder}/spool",
        "LEAFLINE_KANNEL_URL": f"http://127.0.0.1:{kannel.port}/sendsms",
        "LEAFLINE_KANNEL_USERNAME": "u",
        "LEAFLINE_KANNEL_PASSWORD": "p",
        "LEAFLINE_KANNEL_TOKEN": "token",
        "LEAFLINE_NOTIFY_KEY": key,
        "LEAFLINE_NOTIFY_BEARER": "bearer-token",
        "LEAFLINE_NOTIFY_TEMPLATE": str(uuid.uuid4()),
        "LEAFLINE_NOTIFY_URL": f"http://127.0.0.1:{notify.port}",
    }


async def _up(service: Service, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode} before it answered")
        with contextlib.suppress(httpx.TransportError):
            if await service.ready() == "200":
                return
        await asyncio.sleep(0.1)
    raise RuntimeError("the service was not ready within two minutes")


def row(found: Found) -> str:
    """Return one line of the table."""
    took, statuses = max(took for took, _ in found.acknowledged), {status for _, status in found.acknowledged}
    screen = max(max(times) for times in found.at_screen.values())
    acknowledged = f"{took:.1f} ({', '.join(map(str, sorted(statuses)))})"
    ready = "; ".join(sorted(found.ready))
    return f"| {found.fault} | {acknowledged} | {max(found.by_text):.1f} | {screen:.1f} | {ready} | {found.after} |"


def report(found: list[Found]) -> str:
    """Return the table in Markdown."""
    return "\n".join([HEAD, *(row(one) for one in found)]) + "\n"


def main() -> int:
    """Measure, print and write the table."""
    models.ready(ROOT / "models")
    text = report(asyncio.run(measured()))
    REPORT.write_text(text, "utf-8")
    print(text)
    return 0


HEAD = """# While something is wrong

`python -m benchmarks.faults` measures this on your machine and writes it here. The service runs as its own process;
Kannel, GOV.UK Notify and the network of PostgreSQL are stand-ins that can be told to misbehave, on the same machine.
During each fault, several times: somebody asks by Kannel, and people in danger write by Kannel and at the screen, there
at the first touch, with a cookie, with one that was left alone for more than two minutes, and by the form without
JavaScript. Each number is the worst. Aims: danger is answered within 5 seconds whatever is wrong; others' messages are
acknowledged within 2 seconds where the database can keep them, else the gateway is told within 4 seconds to come again
(503); `/health/ready` names what does not work.

| what is wrong | acknowledged, s (status) | danger by text, s | at the screen, s | `/health/ready` says | ready again |
|---|---|---|---|---|---|"""


if __name__ == "__main__":
    sys.exit(main())
