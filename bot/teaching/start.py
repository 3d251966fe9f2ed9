"""Which model a service begins with: the newest that was accepted, or one trained from what was learnt before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot import models
from bot.database.engine import Database
from bot.records.outcomes import ProposalState
from bot.records.questions import folder, proposals, trainings
from bot.settings import Settings


def model(settings: Settings, record: Database) -> Path:
    """Return the model, trained first where there is none to use; progress goes to standard error.

    What is approved and not learnt yet waits for a training with a trial; what was taken back is not in it any more.
    """
    with record.reading() as connection:
        found = trainings.usable(connection, models.sources(added=settings.added))
        entries, known = proposals.training_data(connection, [ProposalState.IN_MODEL])
    accepted = settings.models / found.model if found and found.model else None
    if accepted and accepted.exists():
        return accepted
    strangers = [entry for entry in folder.entries(settings.added) if entry.key not in known]
    with TemporaryDirectory() as learnt:
        folder.bring_up_to_date(Path(learnt), [*strangers, *entries], known)
        return models.ready(settings.models, Path(learnt))
