"""Runs beside the service: clusters new questions, exports approved ones, trains on request, adopts accepted models."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.database.engine import Database, DatabaseError
from bot.jobs import Job, PeriodicJobs
from bot.records.enums import TrainingState
from bot.review import cluster_assignment
from bot.review.cluster_assignment import Encode, IsUnsafe
from bot.settings import Settings
from bot.training import models, proposals, trainings
from bot.training.acceptance import EvaluationResult, compare
from bot.training.added_questions import AddedQuestions
from bot.training.model_trainer import ModelTrainer, TrainingFailedError
from bot.training.question_export import QuestionExporter

logger = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 10.0


class TrainingWorker:
    """Works for one process of the service; what it trains, it trains in processes that end with it."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        model: Path,
        switch: Callable[[Path], None],
        encode: Encode,
        is_unsafe: IsUnsafe,
        clock: Callable[[], datetime],
    ) -> None:
        """Start with ``model`` in use; ``switch`` makes the bot use another one."""
        self._database = database
        self._models = settings.models
        self._model = model
        self._switch = switch
        self._encode = encode
        self._is_unsafe = is_unsafe
        self._clock = clock
        self._sources = ""
        self._trainer = ModelTrainer(settings.models)
        self._exporter = QuestionExporter(database, settings.added)

    async def run_once(self) -> None:
        """Do what there is to do now; a training under way is given up when this is cancelled."""
        await self._cluster_questions()
        await self._exporter.run_once()
        await self._train_if_requested()
        await self._adopt_accepted()

    async def _cluster_questions(self) -> None:
        found = await self._database.read(
            lambda c: cluster_assignment.assign_clusters(c, self._encode, self._is_unsafe)
        )
        if found:
            await self._database.write(lambda c: cluster_assignment.save_clusters(c, found))

    async def _train_if_requested(self) -> None:
        if not await self._database.read(trainings.under_way):  # so that an idle service writes nothing
            return
        id_ = await self._database.write(lambda c: trainings.claim(c, self._clock()))
        if id_ is not None:
            await self._train(id_)

    async def _train(self, id_: int) -> None:
        heartbeat = Job("the heartbeat of a training", _HEARTBEAT_SECONDS, partial(self._heartbeat, id_))
        try:
            async with PeriodicJobs([heartbeat]).running():
                await self._train_and_evaluate(id_)
        except TrainingFailedError as error:
            logger.warning("a training failed: %s", error)
            await self._fail(id_, str(error))
        except BaseException as error:
            reason = "stopped" if isinstance(error, asyncio.CancelledError) else "training"
            await asyncio.shield(self._fail(id_, reason))
            raise

    async def _train_and_evaluate(self, id_: int) -> None:
        entries, _ = await self._database.read(proposals.training_data)
        model = await self._trainer.train(entries)
        before, after = await self._trainer.evaluate(self._model, entries), await self._trainer.evaluate(model, entries)
        result = compare(before, after)
        if result.accepted:
            await self._switch_model(model)
        elif model != self._model:
            model.unlink()
        await self._finish(id_, result, model, entries)

    async def _finish(self, id_: int, result: EvaluationResult, model: Path, entries: list[AddedQuestions]) -> None:
        state = TrainingState.ACCEPTED if result.accepted else TrainingState.REFUSED
        report = {"figures": result.figures, "failed": result.failed}
        sources, keys = await self._digest_of_sources(), {entry.key for entry in entries}
        await self._database.write(
            lambda c: trainings.finish(c, id_, state, self._clock(), report, model.name, sources, keys)
        )

    async def _digest_of_sources(self) -> str:
        """Return the digest of what the product's models are made from, computed once."""
        if not self._sources:
            self._sources = await asyncio.to_thread(models.sources)
        return self._sources

    async def _adopt_accepted(self) -> None:
        """Use the newest accepted model, which another process may have trained, if its file is here."""
        sources = await self._digest_of_sources()
        found = await self._database.read(lambda c: trainings.usable(c, sources))
        name = found.model if found else None
        if name and name != self._model.name and (self._models / name).exists():
            await self._switch_model(self._models / name)

    async def _switch_model(self, model: Path) -> None:
        if model == self._model:
            return
        try:
            await asyncio.to_thread(self._switch, model)
        except Exception as error:
            logger.exception("a new model could not be loaded")
            raise TrainingFailedError("loading") from error
        self._model = model

    async def _fail(self, id_: int, reason: str) -> None:
        now, report = self._clock(), {"why": reason}
        try:
            await self._database.write(lambda c: trainings.finish(c, id_, TrainingState.FAILED, now, report))
        except DatabaseError:  # without a heartbeat it counts as failed after a minute
            logger.exception("that a training failed could not be written")

    async def _heartbeat(self, id_: int) -> None:
        await self._database.write(lambda c: trainings.heartbeat(c, id_, self._clock()))
