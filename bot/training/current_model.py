"""Finds the model that a service starts with: the newest accepted one, or one trained from what was learnt before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.database.engine import Database
from bot.records.enums import ProposalState
from bot.settings import Settings
from bot.training import added_questions, models, proposals, trainings


def model(settings: Settings, record: Database) -> Path:
    """Return the model, and train it first if there is none to use; progress goes to standard error.

    Approved questions that no accepted model has learnt are left out, because they wait for a training with an
    evaluation. So are those whose approval was taken back.
    """
    with record.reading() as connection:
        found = trainings.usable(connection, models.sources())
        learnt, _ = proposals.training_data(connection, [ProposalState.IN_MODEL])
    accepted = settings.models / found.model if found and found.model else None
    if accepted and accepted.exists():
        return accepted
    with TemporaryDirectory() as folder:
        added_questions.sync(Path(folder), learnt, ())
        return models.ready(settings.models, Path(folder))
