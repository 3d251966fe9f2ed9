"""What handling a message wants to have written: rehearsed at once, and done for good together with the reply.

An answer may take long, or hang, so it is made outside any writing transaction (docs/decisions/0018). What identity
and actions write meanwhile is carried out in a transaction that is rolled back, for its result, and once more in the
transaction that keeps the reply. Where the two results differ, something else came in between, and the message is
handled anew: the check of a PIN and its count are still one transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

T = TypeVar("T")
Work = Callable[[Connection], Any]
Transaction = Callable[[], AbstractContextManager[Connection]]


class ChangedError(Exception):
    """What a message was answered by does not hold any more."""


class _UndoneError(Exception):
    """Rolls a rehearsal back."""


class Effects:
    """Of one message. ``work`` may be called several times, and changes nothing but the database."""

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        """Read and rehearse in transactions of these kinds."""
        self._reading = reading
        self._writing = writing
        self._works: list[tuple[Work, Any]] = []

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` reads; what was written so far can be seen."""
        if not self._works:
            with self._reading() as connection:
                return work(connection)
        return self._rehearsed(work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` will return, and have it done by :meth:`perform`."""
        result = self._rehearsed(work)
        self._works.append((work, result))
        return result

    def forget(self) -> None:
        """Have nothing done."""
        self._works.clear()

    def perform(self, connection: Connection) -> None:
        """Do everything, in the caller's transaction; raise ChangedError where something comes out differently."""
        for work, expected in self._works:
            if work(connection) != expected:
                raise ChangedError("what a message was answered by has changed meanwhile")

    def _rehearsed(self, work: Callable[[Connection], T]) -> T:
        with _undone(self._writing) as connection:
            for earlier, _ in self._works:
                earlier(connection)
            result = work(connection)
        return result


@contextmanager
def _undone(writing: Transaction) -> Iterator[Connection]:
    try:
        with writing() as connection:
            yield connection
            raise _UndoneError
    except _UndoneError:
        pass
