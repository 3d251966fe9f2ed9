"""Which model a service begins with: the newest that was accepted, or one trained from what was learnt before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bot.database.engine import Database
from bot.records.enums import ProposalState
from bot.settings import Settings
from bot.training import added_questions, models, proposals, trainings


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
    strangers = [entry for entry in added_questions.entries(settings.added) if entry.key not in known]
    with TemporaryDirectory() as learnt:
        added_questions.bring_up_to_date(Path(learnt), [*strangers, *entries], known)
        return models.ready(settings.models, Path(learnt))
