"""Shows which stage is running, and for how long, while a library prints nothing."""

import threading
import time
from types import TracebackType
from typing import TextIO

_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 15.0


class Stages:
    """Prints the present stage on ``stream``: a line that is updated on a terminal, a new line every 15 s elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``, as a rule standard error."""
        self._stream = stream
        self._terminal = stream.isatty()
        self._stage = ""
        self._since = time.monotonic()
        self._done = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Stages":
        """Start ticking."""
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop ticking and end the line."""
        self._done.set()
        self._ticker.join()
        self._finish()

    def next(self, stage: str) -> None:
        """Say that ``stage`` has begun."""
        self._finish()
        self._stage, self._since = stage, time.monotonic()
        self._write(end="" if self._terminal else "\n")

    def _tick(self) -> None:
        while not self._done.wait(_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            if self._stage:
                self._write(end="" if self._terminal else "\n")

    def _finish(self) -> None:
        if self._stage and self._terminal:
            self._write(end="\n")
        self._stage = ""

    def _write(self, end: str) -> None:
        start = "\r" if self._terminal else ""
        self._stream.write(f"{start}{self._stage} … {time.monotonic() - self._since:.0f} s{end}")
        self._stream.flush()
