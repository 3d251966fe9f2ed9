"""Writes the approved questions from the database to a folder, for people to review; nothing is read back from it."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.database.engine import Database
from bot.settings import ROOT
from bot.training import added_questions, proposals
from bot.training.added_questions import AddedQuestions, FolderError
from bot.training.models import ADDED

logger = logging.getLogger(__name__)


def export(connection: Connection, folder: Path) -> bool:
    """Make ``folder`` hold the approved questions; return whether that changed anything. Raises FolderError."""
    return write(folder, *proposals.training_data(connection))


def write(folder: Path, approved: Iterable[AddedQuestions], known: Collection[str]) -> bool:
    """Make ``folder`` hold the ``approved`` questions; ``known`` are the keys of all proposals there are.

    Returns whether that changed anything. Raises FolderError if a file cannot be read or written, or if Rasa would
    train on the folder as well.
    """
    inside = (ROOT / "data").resolve() in folder.resolve().parents
    if inside and folder.resolve() != (ROOT / ADDED).resolve():
        raise FolderError(f"{folder} is among the training data: expected a folder outside {ROOT / 'data'}")
    return added_questions.sync(folder, approved, known)


class QuestionExporter:
    """Keeps a folder up to date with the database: after every commit that changes what is approved.

    It compares with what it wrote last, and writes once after each start. So a process that ends between a commit and
    the export loses nothing: the next one to look writes it.
    """

    def __init__(self, database: Database, folder: Path | None) -> None:
        """Write to ``folder``; None writes nothing."""
        self._database = database
        self._folder = folder
        self._exported: frozenset[str] | None = None
        self._failed: frozenset[str] | None = None

    async def run_once(self) -> None:
        """Write the folder if what is approved has changed; a folder that cannot be written is logged once."""
        folder = self._folder
        if folder is None:
            return
        keys = await self._database.read(proposals.live_keys)
        if keys == self._exported:
            return
        try:
            approved, known = await self._database.read(proposals.training_data)
            await asyncio.to_thread(write, folder, approved, known)
        except FolderError as error:
            if keys != self._failed:
                logger.warning("approved questions could not be exported: %s", error)
            self._failed = keys
            return
        self._exported, self._failed = keys, None
