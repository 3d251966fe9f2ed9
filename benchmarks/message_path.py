"""Measures the CPU time that the service's process needs for a text message, from the gateway's call to the reply.

    python -m benchmarks.message_path [CHECKOUT …]

Each CHECKOUT is a folder with another version of the project, for example a git worktree, beside this one. All of them
are served at once with an empty record each, and take their turns, so that a slow minute of the machine is slow for
all. A stand-in for Kannel on loopback takes the replies. A model is trained first where a checkout has none. The table
goes to docs/reference/measurements/message-path.md.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from bot.settings import ROOT
from evaluation.progress import say

REPORT = ROOT / "docs" / "reference" / "measurements" / "message-path.md"
ROUNDS, MESSAGES = 11, 50
WARM_UP = 60
"""Messages before the first round: some things are loaded or worked out when they are first needed."""
START_SECONDS = 900
"""How long a server may take to start; it may have to train a model first."""
QUESTIONS = (
    "what happens if i miss a session",
    "how long does it last",
    "where do i go",
    "can i bring my phone",
    "what time does it start",
    "who runs the group",
    "do i have to talk in the group",
    "is it confidential",
    "what are the rules",
    "can i change my group",
)
_PAGE = """# A message's CPU time

`python -m benchmarks.message_path CHECKOUT` measures this and writes it here: the CPU time that the service's process
needs for a text message, all of its threads together, from the gateway's call until the reply is handed over. The
versions are served at once and take their turns: {rounds} rounds of {messages} messages each, every message from
another telephone. The first line is the version that measures; the others share its installed packages.

| version | median of the rounds, ms | rounds, ms | the first line against it |
|---|---|---|---|
{rows}

The load average at the end was {load:.1f}: what else a machine does makes each message dearer, and the ratio coarser.
"""
_TICKS = os.sysconf("SC_CLK_TCK")


class Gateway:
    """Takes what a service sends, in place of Kannel."""

    def __init__(self) -> None:
        """Listen on a free port of loopback."""
        gateway = self
        self._replied = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(202)
                self.end_headers()
                gateway._replied.set()

            do_GET = do_POST  # noqa: N815  # earlier versions send so

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sendsms"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def expect(self) -> None:
        """Forget the replies that came before."""
        self._replied.clear()

    def wait(self) -> None:
        """Wait for a reply; raise RuntimeError where none comes."""
        if not self._replied.wait(60):
            raise RuntimeError("no reply within a minute")


@dataclass
class Server:
    """One version of the service, and the CPU milliseconds of each message by rounds."""

    checkout: Path
    port: int
    process: subprocess.Popen[bytes]
    gateway: Gateway
    rounds: list[float] = field(default_factory=list)
    sent: int = 0

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process so far, its threads included."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def ask(self, client: httpx.Client) -> None:
        """Deliver a message from a telephone of its own, and wait for the reply."""
        self.sent += 1
        self.gateway.expect()
        sender = f"%2B447700{900000 + self.sent}"  # in the query, where every version looks for it
        where = f"http://127.0.0.1:{self.port}/webhooks/kannel?id={self.sent}&from={sender}&token=a-token"
        headers = {"content-type": "text/plain; charset=utf-8"}
        question = QUESTIONS[self.sent % len(QUESTIONS)]
        client.post(where, content=question.encode(), headers=headers).raise_for_status()
        self.gateway.wait()

    def measure(self, client: httpx.Client) -> None:
        """Measure one round."""
        before = self.cpu_seconds()
        for _ in range(MESSAGES):
            self.ask(client)
        self.rounds.append((self.cpu_seconds() - before) * 1000 / MESSAGES)


def main(checkouts: list[str]) -> int:
    """Measure this version and the others given; print the report, and write it to REPORT."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(timeout=60))
        folders = [ROOT, *(Path(given).resolve() for given in checkouts)]
        servers = [stack.enter_context(served(folder)) for folder in folders]
        for server in servers:
            started(server, client)
            for _ in range(WARM_UP):
                server.ask(client)
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            for server in servers:
                server.measure(client)
    text = report(servers)
    REPORT.write_text(text, "utf-8")
    print(text)
    return 0


def report(servers: list[Server]) -> str:
    """Return the page: the median and the range of the rounds, and the first server's median as a share of each."""
    own = statistics.median(servers[0].rounds)
    rows = (
        f"| {version(server.checkout)} | {statistics.median(server.rounds):.1f} | "
        f"{min(server.rounds):.1f} to {max(server.rounds):.1f} | {own / statistics.median(server.rounds):.2f} |"
        for server in servers
    )
    return _PAGE.format(rounds=ROUNDS, messages=MESSAGES, rows="\n".join(rows), load=os.getloadavg()[0])


def version(checkout: Path) -> str:
    """Return the commit of ``checkout``, or its folder where it is none of git's."""
    command = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or checkout.name


@contextmanager
def served(checkout: Path) -> Iterator[Server]:
    """Start the service of ``checkout`` with a gateway and a record of its own, and end it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        gateway, port = Gateway(), _free_port()
        settings = {
            "DATABASE_URL": f"sqlite:///{folder}/record.db",
            "LEAFLINE_PORT": str(port),
            "LEAFLINE_SPOOL": f"{folder}/alerts",
            "LEAFLINE_KANNEL_URL": gateway.url,
            "LEAFLINE_KANNEL_USERNAME": "name",
            "LEAFLINE_KANNEL_PASSWORD": "password",
            "LEAFLINE_KANNEL_TOKEN": "a-token",
            "LEAFLINE_SMS_SENDER": "12345",
            "LEAFLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        command = [sys.executable, "-m", "bot", "serve"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEAFLINE_")}
        process = subprocess.Popen(command, cwd=checkout, env=environment | settings)
        try:
            yield Server(checkout, port, process, gateway)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def started(server: Server, client: httpx.Client) -> None:
    """Wait until the server answers; raise RuntimeError where it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if client.get(f"http://127.0.0.1:{server.port}/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise RuntimeError(f"the service of {server.checkout} did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
