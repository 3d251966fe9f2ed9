"""Beside the service: puts new questions into groups, trains when staff ask for it, and follows what others trained."""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.database.engine import Database, DatabaseError
from bot.jobs import Job, PeriodicJobs
from bot.records.enums import TrainingState
from bot.review import review_queue
from bot.review.review_queue import Encode, IsUnsafe
from bot.settings import ROOT, Settings
from bot.training import added_questions, models, proposals, trainings
from bot.training.acceptance import compare
from bot.training.added_questions import AddedQuestions, FolderError
from bot.training.evaluation import EvaluationReport

logger = logging.getLogger(__name__)

_BEAT_SECONDS = 10.0
_NICENESS = 15
_END_SECONDS = 5.0


class TeachingError(Exception):
    """A training could not be brought to its end; the message is the key of what staff are told."""


class TrainingWorker:
    """One a process. What it trains, it trains in processes of their own, which end with it."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        model: Path,
        switch: Callable[[Path], None],
        encode: Encode,
        unfit: IsUnsafe,
        clock: Callable[[], datetime],
    ) -> None:
        """Start from ``model``; ``switch`` has the bot go on with another one."""
        self._database = database
        self._settings = settings
        self._model = model
        self._switch = switch
        self._encode = encode
        self._unfit = unfit
        self._clock = clock
        self._sources = ""

    async def look(self) -> None:
        """Do once what there is to do; a training under way is given up when this is cancelled."""
        placed = await self._database.read(lambda c: review_queue.placed(c, self._encode, self._unfit))
        if placed:
            await self._database.write(lambda c: review_queue.put(c, placed))
        if await self._database.read(trainings.under_way):  # only then is there something to write
            id_ = await self._database.write(lambda c: trainings.claim(c, self._clock()))
            if id_ is not None:
                await self._teach(id_)
        await self._follow()

    async def _teach(self, id_: int) -> None:
        beat = Job("saying that a training runs", _BEAT_SECONDS, partial(self._beat, id_))
        try:
            async with PeriodicJobs([beat]).running():
                await self._trained(id_)
        except (TeachingError, FolderError) as error:
            why = str(error) if isinstance(error, TeachingError) else "folder"
            logger.warning("a training failed: %s", why)
            await self._failed(id_, why)
        except BaseException as error:
            await asyncio.shield(
                self._failed(id_, "stopped" if isinstance(error, asyncio.CancelledError) else "training")
            )
            raise

    async def _trained(self, id_: int) -> None:
        added = self._settings.added
        entries, known = await self._database.read(proposals.training_data)
        await asyncio.to_thread(added_questions.bring_up_to_date, added, entries, known)
        model = await asyncio.to_thread(models.path, self._settings.models, added=added)
        if not model.exists():
            await self._run_apart(models.command(model, added), "training")
        if await asyncio.to_thread(models.path, self._settings.models, added=added) != model:
            model.unlink(missing_ok=True)  # what it learnt is not what its name says
            raise TeachingError("changed")
        verdict = compare(await self._trial(self._model, entries), await self._trial(model, entries))
        report = {"figures": verdict.figures, "failed": verdict.failed}
        state = TrainingState.ACCEPTED if verdict.accepted else TrainingState.REFUSED
        if verdict.accepted:
            await self._go_on_with(model)
        elif model != self._model:
            model.unlink()
        sources = await self._product()
        keys = {entry.key for entry in entries}
        await self._database.write(
            lambda c: trainings.finish(c, id_, state, self._clock(), report, model.name, sources, keys)
        )

    async def _trial(self, model: Path, entries: Sequence[AddedQuestions]) -> EvaluationReport:
        taught = [{"text": text, "topic": entry.topic} for entry in entries for text in entry.questions]
        command = [sys.executable, "-m", "bot.training.evaluation", str(model)]
        said = await self._run_apart(command, "trial", "".join(json.dumps(one) + "\n" for one in taught))
        try:
            return EvaluationReport(**json.loads(said))
        except (ValueError, TypeError):
            raise TeachingError("trial") from None

    async def _product(self) -> str:
        """Return the digest of what the product's models are made from: it stays while this runs."""
        if not self._sources:
            self._sources = await asyncio.to_thread(models.sources, added=self._settings.added)
        return self._sources

    async def _follow(self) -> None:
        """Go on with what another process trained, if it is here."""
        sources = await self._product()
        found = await self._database.read(lambda c: trainings.usable(c, sources))
        name = found.model if found else None
        if name and name != self._model.name and (self._settings.models / name).exists():
            await self._go_on_with(self._settings.models / name)

    async def _go_on_with(self, model: Path) -> None:
        if model == self._model:
            return
        try:
            await asyncio.to_thread(self._switch, model)
        except Exception as error:
            logger.exception("a new model could not be loaded")
            raise TeachingError("loading") from error
        self._model = model

    async def _failed(self, id_: int, why: str) -> None:
        failed = TrainingState.FAILED
        try:
            await self._database.write(lambda c: trainings.finish(c, id_, failed, self._clock(), {"why": why}))
        except DatabaseError:  # it is found dead in a minute
            logger.exception("that a training failed could not be kept")

    async def _beat(self, id_: int) -> None:
        await self._database.write(lambda c: trainings.alive(c, id_, self._clock()))

    async def _run_apart(self, command: Sequence[str], why: str, given: str = "") -> str:
        """Run ``command``, out of the way of answers, and return what it printed; it ends when this is cancelled."""
        nice = [found, "-n", str(_NICENESS)] if (found := shutil.which("nice")) else []
        process = subprocess.Popen(  # noqa: S603
            [*nice, *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # a signal for the service is none for it: it is ended below
        )
        waiting = asyncio.ensure_future(asyncio.to_thread(process.communicate, given))
        try:
            printed, _ = await asyncio.shield(waiting)
        except asyncio.CancelledError:
            await asyncio.to_thread(_end, process)
            await waiting
            raise
        if process.returncode:
            raise TeachingError(why)
        return str(printed)


def _end(process: "subprocess.Popen[str]") -> None:
    """End a process and what it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
            return
