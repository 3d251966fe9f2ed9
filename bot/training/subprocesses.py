"""Runs a command in a process of its own, at low priority, that ends with the task that waits for it."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from bot.settings import ROOT

_NICENESS = 15
_GRACE_SECONDS = 5.0
"""How long a process has to end by itself before it is killed."""


class ProcessFailedError(Exception):
    """A process ended with an error; what it said is on standard error."""


async def run_subprocess(command: Sequence[str], given: str = "") -> str:
    """Run ``command`` with ``given`` on standard input, and return what it printed.

    Raises ProcessFailedError if it ends with another status than 0. If this is cancelled, the process and all that it
    started are ended first.
    """
    process = _start(command)
    waiting = asyncio.ensure_future(asyncio.to_thread(process.communicate, given))
    try:
        printed, _ = await asyncio.shield(waiting)
    except asyncio.CancelledError:
        await asyncio.to_thread(_end, process)
        await waiting
        raise
    if process.returncode:
        raise ProcessFailedError
    return str(printed)


def _start(command: Sequence[str]) -> "subprocess.Popen[str]":
    nice = [found, "-n", str(_NICENESS)] if (found := shutil.which("nice")) else []
    return subprocess.Popen(  # noqa: S603
        [*nice, *command],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # so that it gets no signal that is meant for the service, and is ended by it
    )


def _end(process: "subprocess.Popen[str]") -> None:
    """End a process and what it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
            return
