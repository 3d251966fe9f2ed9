"""Opens the database. Its work is done off the event loop: one transaction in one thread (docs/decisions/0007)."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool, StaticPool

from bot.database.keyring import Keyring, KeyringError, key_file
from bot.errors import ConfigurationError

BUSY_SECONDS = 15
"""How long SQLite waits for another writer before it gives up."""
_EXPECTED = "expected sqlite:///FILE or postgresql://USER@HOST/NAME"

T = TypeVar("T")


class DatabaseError(ConfigurationError):
    """The database cannot be opened or used; the message says why, and never with a password in it."""


class Line:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        """Wait for the turn."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if not turn.wait(BUSY_SECONDS):
            self._give_up(turn)

    def __exit__(self, *error: object) -> None:
        """Hand it to the next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _give_up(self, turn: threading.Event) -> None:
        with self._guard:
            if turn.is_set():  # it came in the last moment
                return
            self._waiting.remove(turn)
        raise DatabaseError(f"the database cannot be used just now (busy for {BUSY_SECONDS} s)")


class Database:
    """A pool of connections, and transactions to read or to write in."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        """Take an engine made by :func:`open_database`."""
        self.engine = engine
        self.keyring = keyring
        self._joined: ContextVar[Connection | None] = ContextVar("joined", default=None)
        # SQLite lets one write at a time and has the others ask again, ever more seldom: some would wait for seconds.
        self._in_line = Line() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a writing connection; whatever is read or written in this context meanwhile joins its transaction."""
        with self.writing() as connection:
            token = self._joined.set(connection)
            try:
                yield connection
            finally:
                self._joined.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database throughout."""
        with self._usable(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all."""
        with (
            self._in_line,
            self._usable(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """Give a writing connection that may make tables anew: on SQLite foreign keys do nothing meanwhile.

        SQLite changes a table by making another one and dropping the first, and would take that for the deletion of
        every row that others point to.
        """
        is_sqlite = self.engine.dialect.name == "sqlite"
        with (
            self._in_line,
            self._usable(),
            self.engine.connect().execution_options(writes=True) as connection,
        ):
            driver = connection.connection.dbapi_connection
            if is_sqlite:  # inside a transaction this would do nothing
                driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                if is_sqlite:
                    driver.execute("PRAGMA foreign_keys = ON")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a reading transaction, in a thread of its own; or in the one that the caller is in."""
        joined = self._joined.get()
        if joined is not None:
            return work(joined)
        return await asyncio.to_thread(self._within, self.reading, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a writing transaction, in a thread of its own; or in the one that the caller is in."""
        joined = self._joined.get()
        if joined is not None:
            return work(joined)
        return await asyncio.to_thread(self._within, self.writing, work)

    @staticmethod
    def _within(transaction: Callable[[], Any], work: Callable[[Connection], T]) -> T:
        with transaction() as connection:
            return work(connection)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            # The driver's own message and parameters may hold what people wrote.
            kind = type(error.orig).__name__
            raise DatabaseError(f"the database cannot be used just now ({kind})") from error


def open_database(url: str, keys: str, told: Callable[[str], None]) -> Database:
    """Open the database at ``url`` and return it as it is (`migrate.py` brings it up to date).

    ``keys`` are comma-separated, newest first; where empty, SQLite gets a key file beside it and ``told`` is told.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(f"DATABASE_URL is not a database's address: {_EXPECTED}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError(f"DATABASE_URL names {parsed.get_backend_name()}: {_EXPECTED}")
    if parsed.get_backend_name() == "sqlite":
        _check_folder(parsed.database)
    keyring = Keyring(_keys(parsed.database, parsed.get_backend_name(), keys, told))
    try:
        engine = _engine(
            url, parsed.get_backend_name() == "sqlite", in_memory=parsed.database in (None, "", ":memory:")
        )
    except (NoSuchModuleError, ImportError) as error:
        raise DatabaseError(f"DATABASE_URL names a driver that is not installed ({error}): {_EXPECTED}") from None
    engine.dialect.keyring = keyring
    return Database(engine, keyring)


def key_file_of(url: str) -> Path | None:
    """Return the file in which a SQLite database at ``url`` has its keys; None for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(f"{parsed.database}.key")


def _engine(url: str, is_sqlite: bool, *, in_memory: bool) -> Engine:
    if not is_sqlite:
        return create_engine(url, future=True, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver leaves transactions to _begin_sqlite
    for pragma in ("foreign_keys = ON", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer after somebody else wrote fails at once; a writer has to say so at the start.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_folder(database: str | None) -> None:
    folder = Path(database or ".").absolute().parent
    if not folder.is_dir():
        raise DatabaseError(f"the database's folder {folder} does not exist")


def _keys(database: str | None, backend: str, keys: str, told: Callable[[str], None]) -> list[str]:
    if keys:
        return keys.split(",")
    if backend != "sqlite":
        raise KeyringError("LEAFLINE_DATABASE_KEY is not set: PostgreSQL needs it (`python -m bot new-key` makes one)")
    file = key_file_of(f"sqlite:///{database or ''}")
    if file is None:
        raise KeyringError("LEAFLINE_DATABASE_KEY is not set: a database in memory needs it")
    has_rows = Path(str(database)).exists() and Path(str(database)).stat().st_size > 0
    if has_rows and not file.exists():
        raise KeyringError(f"the key file {file} is missing: without it nothing in {database} can be read")
    found, made = key_file(file)
    if made:
        told(f"Made the database's key: {file}. Who has both can read everything: back them up apart.")
    return found.split()
