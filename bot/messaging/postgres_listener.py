"""How processes that share a PostgreSQL wake one another: NOTIFY when something is stored, LISTEN for it.

SQLite has nothing of the kind: there, what another process stored is found within a second.
"""

import logging
import select
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.database.engine import Database

logger = logging.getLogger(__name__)

INBOX, OUTBOX = "leafline_inbox", "leafline_outbox"
_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 5.0


def notify(connection: Connection, name: str) -> None:
    """Wake whoever listens for ``name``, once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {name}"))


class PostgresListener:
    """A thread with a connection of its own."""

    def __init__(self, database: Database, wake: Mapping[str, Callable[[], None]]) -> None:
        """Call what ``wake`` holds for each name that is announced."""
        self._database = database
        self._wake = wake
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin, where the database can announce anything."""
        if self._database.engine.dialect.name == "postgresql":
            self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(2 * _LOOK_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("nothing can be heard of other processes just now (%s)", type(error).__name__)
            except Exception:
                logger.exception("nothing can be heard of other processes just now")
            self._stopped.wait(_AGAIN_SECONDS)

    def _listen(self) -> None:
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in self._wake:
                connection.execute(text(f"LISTEN {name}"))
            driver: Any = connection.connection.dbapi_connection
            while not self._stopped.is_set():
                if select.select([driver], [], [], _LOOK_SECONDS)[0]:
                    driver.poll()
                    for name in {driver.notifies.pop().channel for _ in range(len(driver.notifies))}:
                        self._wake[name]()
            connection.invalidate()  # it listens still, and is of no use to anybody else
