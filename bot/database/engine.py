"""Opens the database. Its work is done off the event loop: one transaction in one thread (docs/decisions/0007)."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.pool import QueuePool, StaticPool

from bot.database import postgresql
from bot.database.columns import Unreadable
from bot.database.errors import DatabaseError as DatabaseError
from bot.database.fair_lock import FairLock
from bot.database.keyring import Keyring, KeyringError, key_file
from bot.database.patience import Patience

BUSY_SECONDS = 15
"""How long SQLite waits for another writer before it gives up."""
THREADS = 32
"""Of the database's own: what waits for it takes no thread from anything else, and nothing else takes one from it."""
_POOL = {"pool_size": 10, "max_overflow": THREADS - 10, "pool_timeout": postgresql.CONNECT_SECONDS}
_EXPECTED = "expected sqlite:///FILE or postgresql://USER@HOST/NAME"

T = TypeVar("T")


class Database:
    """A pool of connections, and transactions to read or to write in."""

    def __init__(self, engine: Engine, keyring: Keyring, patience: Patience | None = None) -> None:
        """Take an engine made by :func:`open_database`; readers wait for it as long as ``patience`` says."""
        self.engine = engine
        self.keyring = keyring
        self.patience = patience or Patience()
        self._threads = ThreadPoolExecutor(THREADS, "database")
        # SQLite lets one write at a time and has the others ask again, ever more seldom: some would wait for seconds.
        self._write_lock = FairLock(BUSY_SECONDS) if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database throughout."""
        with self._usable(), self.engine.connect() as connection, connection.begin():
            yield connection
            self.patience.answered()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all."""
        with (
            self._write_lock,
            self._usable(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def schema_transaction(self) -> Iterator[Connection]:
        """Give a writing connection that may make tables anew: on SQLite foreign keys do nothing meanwhile.

        SQLite changes a table by making another one and dropping the first, and would take that for the deletion of
        every row that others point to.
        """
        is_sqlite = self.engine.dialect.name == "sqlite"
        with (
            self._write_lock,
            self._usable(),
            postgresql.silent_for(None),
            self.engine.connect().execution_options(writes=True) as connection,
        ):
            driver: Any = connection.connection.dbapi_connection
            if is_sqlite:  # inside a transaction this would do nothing
                driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    if not is_sqlite:  # this may take long, and others may be at it
                        connection.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
                    yield connection
            finally:
                if is_sqlite:
                    driver.execute("PRAGMA foreign_keys = ON")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a reading transaction, in a thread of the database's own.

        Raise DatabaseError where the database does not answer in time.
        """
        try:
            async with asyncio.timeout(self.patience.seconds()):
                return await self.in_thread(self._within, self.reading, work)
        except TimeoutError:
            self.patience.missed()
            raise DatabaseError("the database does not answer in time") from None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a writing transaction, in a thread of the database's own."""
        return await self.in_thread(self._within, self.writing, work)

    def go_on_over_unreadable(self) -> None:
        """From now on show what no key can read as such, where it would be raised: one row then harms only itself."""
        self.engine.dialect.unreadable = Unreadable()  # type: ignore[attr-defined]

    @property
    def unreadable(self) -> int:
        """How often something that cannot be read has been met."""
        found: Unreadable | None = getattr(self.engine.dialect, "unreadable", None)
        return found.met if found else 0

    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do ``work``, which waits for the database, in one of the threads that are for this alone."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def close(self) -> None:
        """Let every connection go. SQLite then brings what it has beside its file into it."""
        if self.engine.dialect.name == "sqlite":
            with self._usable(), self.engine.connect() as connection:
                driver: Any = connection.connection.dbapi_connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()

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
        except NoConnectionError as error:
            raise DatabaseError("the database cannot be used just now (every connection is in use)") from error


def open_database(url: str, keys: str, on_key_created: Callable[[str], None]) -> Database:
    """Open the database at ``url`` and return it as it is (`migrate.py` brings it up to date).

    ``keys`` are comma-separated, newest first. Without any, SQLite gets a key file beside it, and ``on_key_created``
    is called with a sentence about it.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(f"DATABASE_URL is not a database's address: {_EXPECTED}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError(f"DATABASE_URL names {parsed.get_backend_name()}: {_EXPECTED}")
    if parsed.get_backend_name() == "sqlite":
        _check_folder(parsed.database)
    keyring = Keyring(_keys(parsed.database, parsed.get_backend_name(), keys, on_key_created))
    try:
        engine = _engine(
            url, parsed.get_backend_name() == "sqlite", in_memory=parsed.database in (None, "", ":memory:")
        )
    except (NoSuchModuleError, ImportError) as error:
        raise DatabaseError(f"DATABASE_URL names a driver that is not installed ({error}): {_EXPECTED}") from None
    engine.dialect.keyring = keyring  # type: ignore[attr-defined]
    return Database(engine, keyring)


def key_file_of(url: str) -> Path | None:
    """Return the file in which a SQLite database at ``url`` has its keys; None for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(f"{parsed.database}.key")


def _engine(url: str, is_sqlite: bool, *, in_memory: bool) -> Engine:
    engine: Engine
    if not is_sqlite:
        postgresql.wait_with_an_end()
        options: dict[str, Any] = {"connect_args": postgresql.CONNECT_ARGUMENTS, **_POOL}
        engine = create_engine(url, future=True, pool_pre_ping=True, hide_parameters=True, **options)
        event.listen(engine, "do_connect", postgresql.connected)
        return engine
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"poolclass": QueuePool, **_POOL}
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(url, future=True, hide_parameters=True, connect_args=arguments, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    _begin_as_told(engine.dialect)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver leaves transactions to _begin_as_told
    for pragma in ("foreign_keys = ON", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_as_told(dialect: Any) -> None:
    """Have a transaction begin as its connection's options say: SQLite has to be told at the start that it writes.

    A reader that turns writer after somebody else wrote would fail at once. A listener to "begin" could do this too,
    but where an engine has one, SQLAlchemy looks for others at every step of every statement.
    """
    usual = dialect.set_connection_execution_options

    def set_options(connection: Connection, options: Mapping[str, Any]) -> None:
        usual(connection, options)
        lent: Any = connection.connection  # until it goes back into the pool
        lent.writes = options.get("writes", False)

    def begin(lent: Any) -> None:
        lent.execute("BEGIN IMMEDIATE" if getattr(lent, "writes", False) else "BEGIN")

    dialect.set_connection_execution_options, dialect.do_begin = set_options, begin


def _check_folder(database: str | None) -> None:
    folder = Path(database or ".").absolute().parent
    if not folder.is_dir():
        raise DatabaseError(f"the database's folder {folder} does not exist")


def _keys(database: str | None, backend: str, keys: str, on_key_created: Callable[[str], None]) -> list[str]:
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
        on_key_created(f"Made the database's key: {file}. Who has both can read everything: back them up apart.")
    return found.split()
