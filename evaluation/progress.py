"""Says on standard error what a measurement is doing."""

import sys
import time

_STARTED = time.monotonic()


def say(what: str) -> None:
    """Write one line, with the seconds since the start."""
    print(f"[{time.monotonic() - _STARTED:5.0f} s] {what}", file=sys.stderr, flush=True)
