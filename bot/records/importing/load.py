"""Writes a folder of CSV files into the record: all of it, or, where anything is wrong, nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.records.importing import (
    appointments,
    attendance,
    catch_ups,
    folder,
    groups,
    participants,
    sessions,
)
from bot.records.importing.reading import FileImport, ImportContext, Imported, present
from bot.records.importing.reference_index import ReferenceIndex
from bot.records.importing.sheets import SHEETS
from bot.records.sessions.programmes import Programme

__all__ = ["Import", "Imported"]
_READERS = {
    "groups.csv": groups.read,
    "sessions.csv": sessions.read,
    "participants.csv": participants.read,
    "attendance.csv": attendance.read,
    "catch_ups.csv": catch_ups.read,
    "appointments.csv": appointments.read,
}


class Import:
    """One import, in the caller's transaction: where :attr:`done` has problems, the caller has to roll back."""

    def __init__(
        self,
        connection: Connection,
        folder: Path,
        programme: Programme,
        advance: Callable[[int], object],
        only_office: int | None = None,
        now: datetime | None = None,
    ) -> None:
        """Read from ``folder``; ``advance`` is told how many characters were read.

        With ``only_office`` the files may touch nothing that belongs to another office.
        """
        self.done = Imported()
        self._folder = folder
        index = ReferenceIndex(connection, only_office)
        self._context = ImportContext(connection, programme, index, self.done, advance, now or present())

    def run(self) -> Imported:
        """Read and write every file that is there, in the order in which they build on one another."""
        files = folder.find(self._folder, self.done.problems, self.done.notes)
        for spec in SHEETS:
            if spec.name in files:
                _READERS[spec.name](FileImport(spec, files[spec.name], self._context), self._context)
        return self.done
