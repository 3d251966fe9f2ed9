"""What every command does: read the settings, say what went wrong in a line, and end with the right status."""

import asyncio
import getpass
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import typer

from bot import logs
from bot.errors import ConfigurationError
from bot.settings import Settings

Work = Callable[[Settings], int | Coroutine[Any, Any, int | None] | None]
"""What a command does; it may return an exit status other than 0."""


class CommandError(ConfigurationError):
    """A command was asked for something that cannot be done; the message says what was expected."""


def run(work: Work) -> None:
    """Do ``work`` with the settings of the environment, and end the command with its exit status."""
    raise typer.Exit(_status(work))


def _status(work: Work) -> int:
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level)
        returned = work(settings)
        status = asyncio.run(returned) if isinstance(returned, Coroutine) else returned
        sys.stdout.flush()  # here, where a reader that has gone is expected, and not while Python ends
    except BrokenPipeError:  # whoever read standard output (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except ConfigurationError as error:
        tell(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    return status or 0


def tell(text: str) -> None:
    """Write a line for people, to standard error."""
    print(text, file=sys.stderr)  # noqa: T201


def put(text: str) -> None:
    """Write a line of the result, to standard output."""
    print(text)  # noqa: T201


def put_rows(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as a table where somebody reads them on a terminal, and with tabs between for a program."""
    if not sys.stdout.isatty():
        for row in rows:
            put("\t".join(map(str, row)))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


def operator() -> str:
    """Return the operating-system user, for the audit trail."""
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "os:unknown"
