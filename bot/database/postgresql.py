"""PostgreSQL over a network that may fall silent: nothing waits for an answer without an end.

The server's own limits (`statement_timeout`) do not help where the server, or a proxy before it, has stopped: the
connection stays open and nothing comes. psycopg2 waits in a function of ours, which gives the connection up.
"""

import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CONNECT_SECONDS = 3
STATEMENT_SECONDS = 10
LOCK_SECONDS = 5
_SILENT_SECONDS = STATEMENT_SECONDS + 2
"""For so long nothing may come of a statement: the server itself has ended it before, where it still can."""

CONNECT_ARGUMENTS = {
    "connect_timeout": CONNECT_SECONDS,
    "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s",
    "tcp_user_timeout": 1000 * _SILENT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
"""Of every connection, as libpq names them."""


class _Limit(threading.local):
    silent: float | None = _SILENT_SECONDS


_limit = _Limit()


@contextmanager
def silent_for(seconds: float | None) -> Iterator[None]:
    """Have this thread wait so long for each answer of a server meanwhile; None for as long as it takes."""
    before = _limit.silent
    _limit.silent = seconds
    try:
        yield
    finally:
        _limit.silent = before


def connected(dialect: Any, record: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Connect; psycopg2 itself keeps to `connect_timeout` only where it does the waiting."""
    with silent_for(CONNECT_SECONDS):
        return dialect.connect(*arguments, **named)


def wait_with_an_end() -> None:
    """Have psycopg2 wait by :func:`_wait`, in this process."""
    from psycopg2.extensions import set_wait_callback  # type: ignore[import-untyped]

    set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Wait until ``connection`` is ready; raise OperationalError where nothing comes for too long."""
    from psycopg2 import OperationalError  # type: ignore[import-untyped]
    from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

    while (state := connection.poll()) != POLL_OK:
        waits = [connection.fileno()]
        found = select.select(
            waits if state == POLL_READ else [], waits if state == POLL_WRITE else [], [], _limit.silent
        )
        if not any(found):
            raise OperationalError("the server does not answer")
