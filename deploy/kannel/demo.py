"""Text the bot from the terminal, through a real Kannel and its simulated SMS centre: `make sms-demo`.

Starts bearerbox, smsbox and the bot on free ports, sends each line that is typed as a text message from 07700 900123,
and prints the text messages that come back. All of it ends with the input, or with Ctrl-C.
"""

import contextlib
import os
import queue
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from deploy.kannel.configure import configure

ROOT = Path(__file__).resolve().parents[2]
PHONE = "07700900123"
FAKESMSC = ("/usr/lib/kannel/test/fakesmsc", "fakesmsc")
_CALM = ("-v", "4")
"""Only errors: what is written below that quotes messages and passwords."""
_QUIET_SECONDS = 4.0
"""After so long without a further text message the next line is read."""


class Kannel:
    """A running gateway with a simulated SMS centre, and what the bot needs to know of it."""

    def __init__(self, folder: Path) -> None:
        """Keep files in ``folder``."""
        self.folder = folder
        names = ("admin_port", "smsbox_port", "sendsms_port", "smsc_port", "web_port")
        self.ports = dict(zip(names, _free_ports(len(names)), strict=True))
        self.password, self.token = secrets.token_urlsafe(16), secrets.token_urlsafe(16)

    @property
    def environment(self) -> dict[str, str]:
        """The bot's settings."""
        return {
            "LEAFLINE_PORT": str(self.ports["web_port"]),
            "LEAFLINE_PUBLIC_URL": f"http://127.0.0.1:{self.ports['web_port']}",
            "LEAFLINE_SMS_SENDER": "07700900000",
            "LEAFLINE_KANNEL_URL": f"http://127.0.0.1:{self.ports['sendsms_port']}/cgi-bin/sendsms",
            "LEAFLINE_KANNEL_USERNAME": "leafline",
            "LEAFLINE_KANNEL_PASSWORD": self.password,
            "LEAFLINE_KANNEL_TOKEN": self.token,
            "DATABASE_URL": f"sqlite:///{self.folder}/record.db",
        }

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run bearerbox and smsbox."""
        ports = {name: str(port) for name, port in self.ports.items() if name != "web_port"}
        leafline = f"http://127.0.0.1:{self.ports['web_port']}"
        values = ports | {"leafline": leafline, "password": self.password, "token": self.token}
        file = configure(self.folder, values)
        with process([_program("bearerbox"), *_CALM, str(file)], self.folder / "bearerbox.log"):
            _wait_for(self.ports["smsbox_port"])
            with process([_program("smsbox"), *_CALM, str(file)], self.folder / "smsbox.log"):
                _wait_for(self.ports["sendsms_port"])
                yield

    def wait_for_the_bot(self, seconds: float = 400) -> None:
        """Return once the bot answers; it may have to train first."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{self.ports['web_port']}/", timeout=2).status_code == 200:
                    return
            time.sleep(0.2)
        raise SystemExit(f"the bot does not answer: {self.folder / 'bot.log'} says why")

    @contextlib.contextmanager
    def phone(self, *texts: str, sender: str = PHONE) -> Iterator["queue.Queue[str]"]:
        """Send ``texts`` into the simulated SMS centre, and give what comes out there while the context lasts."""
        messages = [f"{sender} 123 text {text}" for text in texts]
        command = [_program(*FAKESMSC), "-H", "127.0.0.1", "-r", str(self.ports["smsc_port"])]
        command += ["-i", "0.1", "-m", str(len(messages)), *messages]
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        came: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read, args=(running, came), daemon=True).start()
        try:
            yield came
        finally:
            running.terminate()
            running.wait(10)


@contextlib.contextmanager
def process(
    command: Sequence[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program with its output in ``log``, and end it with the context."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=ROOT, env=os.environ | (environment or {})
        )
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait(10)


def main() -> int:
    """Run the demonstration."""
    with tempfile.TemporaryDirectory() as name:
        kannel = Kannel(Path(name))
        print("Starting Kannel and the bot …", file=sys.stderr)
        bot = [sys.executable, "-m", "bot", "serve", "--demo"]
        with kannel.running(), process(bot, kannel.folder / "bot.log", kannel.environment):
            kannel.wait_for_the_bot()
            print(f"Text the bot from {PHONE}; an empty line or Ctrl-D ends.", file=sys.stderr)
            while text := _typed():
                with kannel.phone(text) as came:
                    _print(came)
    return 0


def _print(came: "queue.Queue[str]") -> None:
    wait = 15.0
    with contextlib.suppress(queue.Empty):
        while True:
            print(f"  < {came.get(timeout=wait)}")
            wait = _QUIET_SECONDS


def _typed() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _read(running: "subprocess.Popen[str]", came: "queue.Queue[str]") -> None:
    assert running.stdout is not None
    for line in running.stdout:
        # fakesmsc prints what it was given as: … INFO: Got message N: <receiver sender type text>
        _, found, message = line.partition("Got message ")
        if found:
            content = message.partition("<")[2].rstrip().removesuffix(">")
            came.put(content.split(" ", 3)[-1])


def _program(*names: str) -> str:
    places = os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin"
    for name in names:
        found = shutil.which(name, path=places)
        if found:
            return found
    raise SystemExit(f"{names[0]} is not installed: Debian and Ubuntu have it in kannel and kannel-extras")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def _wait_for(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers on port {port} after {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
