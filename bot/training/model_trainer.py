"""Trains a model on the approved questions and evaluates it, each in a process of its own."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.training import added_questions, models
from bot.training.added_questions import AddedQuestions, FolderError
from bot.training.evaluation import EvaluationReport
from bot.training.subprocesses import ProcessFailedError, run_subprocess


class TrainingFailedError(Exception):
    """A training could not be finished; the message is the key of the text that staff are shown."""


class ModelTrainer:
    """Makes models in one folder, and evaluates them."""

    def __init__(self, folder: Path) -> None:
        """Keep models in ``folder``."""
        self._folder = folder

    async def train(self, entries: Sequence[AddedQuestions]) -> Path:
        """Return a model that has learnt ``entries``, trained unless it is there already.

        The questions come from the database and are written to a temporary folder for the training. Raises
        TrainingFailedError, also where the files of the product change during the training.
        """
        with TemporaryDirectory(prefix="leafline-questions-") as name:
            questions = Path(name)
            await asyncio.to_thread(_write, questions, entries)
            model = await self._path(questions)
            if not model.exists():
                await _run(models.command(model, questions), "training")
            if await self._path(questions) != model:
                model.unlink(missing_ok=True)  # it has learnt something else than its name says
                raise TrainingFailedError("changed")
        return model

    async def evaluate(self, model: Path, entries: Sequence[AddedQuestions]) -> EvaluationReport:
        """Evaluate ``model`` on the product's questions and on ``entries``. Raises TrainingFailedError."""
        taught = [{"text": text, "topic": entry.topic} for entry in entries for text in entry.questions]
        command = [sys.executable, "-m", "bot.training.evaluation", str(model)]
        printed = await _run(command, "trial", "".join(json.dumps(one) + "\n" for one in taught))
        try:
            return EvaluationReport(**json.loads(printed))
        except (ValueError, TypeError):
            raise TrainingFailedError("trial") from None

    async def _path(self, questions: Path) -> Path:
        return await asyncio.to_thread(models.path, self._folder, added=questions)


def _write(folder: Path, entries: Sequence[AddedQuestions]) -> None:
    try:
        added_questions.sync(folder, entries, ())
    except FolderError as error:
        raise TrainingFailedError("folder") from error


async def _run(command: Sequence[str], failure: str, given: str = "") -> str:
    try:
        return await run_subprocess(command, given)
    except ProcessFailedError:
        raise TrainingFailedError(failure) from None
