"""Stand-ins for providers and a database's network that can be told to misbehave; on loopback only."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import Enum


class Mood(Enum):
    """How a provider treats a call."""

    WELL = "answers"
    HANGS = "accepts and never answers"
    TRICKLES = "answers a byte a second"
    RESETS = "resets the connection"
    FAILS = "answers 500"


@dataclass
class Provider:
    """A provider's address for sending, which notes what was handed to it and when."""

    mood: Mood = Mood.WELL
    taken: dict[str, list[float]] = field(default_factory=dict)
    """By number, the moments at which a message for it was taken."""
    urls: list[str] = field(default_factory=list)
    """The address line of each call."""
    port: int = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve for as long as the context lasts."""
        server = await asyncio.start_server(self._called, "127.0.0.1", 0, backlog=500)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def since(self, number: str, started: float, seconds: float) -> float | None:
        """Return how long after ``started`` a message for ``number`` was taken; None where none was in ``seconds``."""
        while time.monotonic() < started + seconds:
            later = [at for at in self.taken.get(number, []) if at >= started]
            if later:
                return later[0] - started
            await asyncio.sleep(0.02)
        return None

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answered(reader, writer):
                pass
        writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.urls.append(line)
        if self.mood is Mood.RESETS:
            writer.transport.abort()
            return False
        if self.mood is Mood.HANGS:
            await reader.read()
            return False
        if self.mood is Mood.FAILS:
            await _say(writer, 500, b"{}")
            return True
        number = headers.get("x-kannel-to") or str(json.loads(body)["phone_number"])
        answer = json.dumps({"id": f"{len(self.urls)}"}).encode()
        if self.mood is Mood.TRICKLES:
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 600\r\n\r\n")
            for _ in range(600):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)
            return False
        self.taken.setdefault(number, []).append(time.monotonic())
        await _say(writer, 202, answer)
        return True


async def _say(writer: asyncio.StreamWriter, status: int, body: bytes) -> None:
    head = f"HTTP/1.1 {status} Done\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


class Wire:
    """Forwards to a port of loopback; while it is ``silent`` nothing goes through, and nothing is closed."""

    def __init__(self, to: int) -> None:
        """Forward to the port ``to``."""
        self._to = to
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0

    @property
    def silent(self) -> bool:
        """Whether nothing goes through."""
        return not self._flows.is_set()

    @silent.setter
    def silent(self, silent: bool) -> None:
        (self._flows.clear if silent else self._flows.set)()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Forward for as long as the context lasts."""
        server = await asyncio.start_server(self._opened, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            self._flows.set()
            server.close()

    async def _opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flows.wait()
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        await asyncio.gather(self._passed(reader, back), self._passed(there, writer), return_exceptions=True)

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
