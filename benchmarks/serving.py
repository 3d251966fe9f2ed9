"""Measures the service against stock Rasa on one machine; writes docs/reference/measurements/serving.md.

Both servers are up at once and take their turns, so a slow minute of the machine is slow for both. Stock Rasa is
`rasa init`'s configuration over its REST channel; it is trained once and kept under benchmarks/cache/.
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
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import stock_serving
from benchmarks.cache_folder import CACHE
from bot.settings import ROOT
from bot.training import models
from evaluation import sets
from evaluation.progress import say

REPORT = ROOT / "docs" / "reference" / "measurements" / "serving.md"
ROUNDS = 3
ONE_BY_ONE = 60
SENDERS, EACH = 8, 25
LONG = 400
WINDOW = 10
"""Messages around the 10th and before the 400th whose median stands for them."""


@dataclass
class Server:
    """A bot behind HTTP: how it is started and asked, and what was measured of it."""

    name: str
    command: Sequence[str]
    folder: Path
    port: int
    request: Callable[[str, str], tuple[str, dict[str, object], dict[str, str]]]
    environment: dict[str, str] = field(default_factory=dict)
    training: float = 0.0
    start: float = 0.0
    memory: float = 0.0
    latencies: list[float] = field(default_factory=list)
    throughputs: list[float] = field(default_factory=list)
    long: list[float] = field(default_factory=list)

    async def ask(self, client: httpx.AsyncClient, conversation: str, text: str) -> float:
        """Send one message and return the milliseconds until its answer; stock Rasa's may be empty, for a fallback."""
        path, body, cookies = self.request(conversation, text)
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        started = time.perf_counter()
        response = await client.post(
            f"http://127.0.0.1:{self.port}{path}", json=body, headers={"cookie": header} if header else {}
        )
        took = (time.perf_counter() - started) * 1000
        if response.status_code != 200:
            raise RuntimeError(f"{self.name} gave no answer: {response.status_code}")
        return took


def main() -> int:
    """Measure, print and write the table."""
    ours, stock = _leafline(), _stock()
    ours.training = _training_seconds()
    asyncio.run(_measured([ours, stock]))
    text = report(ours, stock)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, "utf-8")
    print(text)
    return 0


def _leafline() -> Server:
    port = 8801

    def request(conversation: str, text: str) -> tuple[str, dict[str, object], dict[str, str]]:
        return "/messages", {"text": text}, {"conversation": conversation.ljust(43, "x")}

    command = [sys.executable, "-m", "bot", "serve"]
    environment = {"LEAFLINE_PORT": str(port), "DATABASE_URL": f"sqlite:///{tempfile.mkdtemp()}/record.db"}
    return Server("Leafline", command, ROOT, port, request, environment)


def _stock() -> Server:
    say("training stock Rasa, if that has not been done (some twenty minutes)")
    folder = stock_serving.project(CACHE)
    port = 8802

    def request(conversation: str, text: str) -> tuple[str, dict[str, object], dict[str, str]]:
        return "/webhooks/rest/webhook", {"sender": conversation, "message": text}, {}

    command = [stock_serving.RASA, "run", "--port", str(port), "-i", "127.0.0.1"]
    server = Server("stock Rasa", command, folder, port, request)
    server.training = float((folder / "seconds").read_text("utf-8"))
    return server


def _training_seconds() -> float:
    """Train from nothing: without the model and without Rasa's cache of trained parts."""
    say("training the project's model from nothing")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"RASA_CACHE_DIRECTORY": f"{folder}/cache"}
        started = time.monotonic()
        command = models.command(Path(folder) / "model.tar.gz")
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return time.monotonic() - started


async def _measured(servers: list[Server]) -> None:
    texts = [case.text for case in sets.cases() if case.topic not in ("crisis", "child_at_risk")]
    models.ready(ROOT / "models")
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
        for server in servers:
            say(f"starting {server.name}")
            await stack.enter_async_context(_running(server, client))
            for i in range(10):
                await server.ask(client, f"warm{i}", texts[i])
        for turn in range(ROUNDS):
            for server in servers:
                say(f"round {turn + 1} of {ROUNDS}: {server.name}")
                await _one_by_one(server, client, texts, turn)
                await _at_once(server, client, texts, turn)
        for server in servers:
            say(f"a conversation of {LONG} messages: {server.name}")
            server.long = [await server.ask(client, "long", texts[i % len(texts)]) for i in range(LONG)]


async def _one_by_one(server: Server, client: httpx.AsyncClient, texts: list[str], turn: int) -> None:
    for i in range(ONE_BY_ONE):
        text = texts[(turn * ONE_BY_ONE + i) % len(texts)]
        server.latencies.append(await server.ask(client, f"one{turn}-{i // 5}", text))


async def _at_once(server: Server, client: httpx.AsyncClient, texts: list[str], turn: int) -> None:
    async def sender(number: int) -> None:
        for i in range(EACH):
            text = texts[(number * EACH + i) % len(texts)]
            await server.ask(client, f"many{turn}-{number}-{i // 5}", text)

    started = time.perf_counter()
    await asyncio.gather(*(sender(number) for number in range(SENDERS)))
    server.throughputs.append(SENDERS * EACH / (time.perf_counter() - started))


@contextlib.asynccontextmanager
async def _running(server: Server, client: httpx.AsyncClient) -> AsyncIterator[None]:
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            server.command,
            cwd=server.folder,
            env=os.environ | server.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            await _answering(server, client, process)
            server.start = time.monotonic() - started
            yield
            server.memory = _resident(process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


async def _answering(server: Server, client: httpx.AsyncClient, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError(f"{server.name} ended with {process.returncode} before it answered")
        with contextlib.suppress(httpx.TransportError):
            await server.ask(client, "first", "hello")
            return
        await asyncio.sleep(0.1)
    raise RuntimeError(f"{server.name} did not answer within two minutes")


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MiB, as the kernel counts it (peak)."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def report(ours: Server, stock: Server) -> str:
    """Return the comparison in Markdown."""

    def at(server: Server, last: int) -> float:
        return statistics.median(server.long[last - WINDOW : last])

    rows: list[tuple[str, float, float, str]] = [
        ("median latency, ms", statistics.median(ours.latencies), statistics.median(stock.latencies), "at most 1/4"),
        ("95th percentile of latency, ms", _p95(ours.latencies), _p95(stock.latencies), ""),
        (
            f"messages/s with {SENDERS} senders",
            statistics.median(ours.throughputs),
            statistics.median(stock.throughputs),
            "at least 5",
        ),
        ("10th message of a conversation, ms", at(ours, 15), at(stock, 15), ""),
        (f"{LONG}th message of it, ms", at(ours, LONG), at(stock, LONG), ""),
        (
            "the latter over the former",
            at(ours, LONG) / at(ours, 15),
            at(stock, LONG) / at(stock, 15),
            "ours at most 1.2",
        ),
        ("training, s", ours.training, stock.training, "at most 1"),
        ("start to first answer, s", ours.start, stock.start, ""),
        ("resident memory, MiB (peak)", ours.memory, stock.memory, "at most 0.7"),
    ]
    lines = [HEAD]
    for label, mine, theirs, aim in rows:
        lines.append(f"| {label} | {mine:.1f} | {theirs:.1f} | {mine / theirs:.2f} | {aim} |")
    return "\n".join(lines) + "\n"


HEAD = """# Serving, against stock Rasa

`make bench` measures this on your machine and writes it here. Both bots know the same answers and are asked the same
questions over HTTP, in turns, in the same run. "Stock Rasa" is what `rasa init` writes (DIET, TED, UnexpecTED, rules),
over its REST channel, trained on 20 questions of each topic; Leafline is trained on all it has. Training is from
nothing; the project's sentence encoder comes ready made with it (`make encoder`).

| | Leafline | stock Rasa | ratio | aim for the ratio |
|---|---|---|---|---|"""


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    sys.exit(main())
