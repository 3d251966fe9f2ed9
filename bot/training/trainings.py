"""Trainings: requested on a page, run by one process at a time, with the result of the new model's evaluation.

The row is the lock. At most one training is open, the process that runs it writes a heartbeat every few seconds, and a
training without heartbeats has failed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.records.enums import ProposalState, TrainingState
from bot.training import proposals
from bot.training.tables import proposal, training

DEAD_AFTER = timedelta(seconds=60)
"""A training whose last heartbeat is longer ago has failed."""


@dataclass(frozen=True)
class Training:
    """One training."""

    id: int
    state: TrainingState
    wanted_by: str
    wanted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    model: str | None
    sources: str | None
    proposal_keys: frozenset[str]
    """The keys of the proposals that the model learnt from."""
    report: Mapping[str, Any]
    """The figures of the evaluation, or under "why" the reason of a failure."""

    @property
    def is_open(self) -> bool:
        """Tell whether it has not ended."""
        return self.state in (TrainingState.WANTED, TrainingState.RUNNING)


def request(connection: Connection, actor: str, now: datetime) -> bool:
    """Request a training; return False if one is under way already."""
    try:
        with connection.begin_nested():
            connection.execute(insert(training).values(open=True, wanted_by=actor, wanted_at=now))
    except IntegrityError:
        return False
    return True


def latest(connection: Connection, most: int = 1) -> list[Training]:
    """Return the last ``most`` trainings, the newest first."""
    rows = connection.execute(select(training).order_by(training.c.id.desc()).limit(most))
    return [_training(row) for row in rows]


def under_way(connection: Connection) -> bool:
    """Tell whether a training is open."""
    return connection.execute(select(training.c.id).where(training.c.open.is_(True))).first() is not None


def claim(connection: Connection, now: datetime) -> int | None:
    """Start the requested training and return its id; None if there is none or another process was first.

    A training whose process has stopped sending heartbeats is closed as failed.
    """
    dead = training.c.open.is_(True) & (training.c.alive_at < now - DEAD_AFTER)
    ended = {"open": None, "state": TrainingState.FAILED.value, "finished_at": now}
    report = json.dumps({"why": "stopped"})
    connection.execute(update(training).where(dead).values(**ended, report=report))
    wanted = training.c.state == TrainingState.WANTED.value
    id_: int | None = connection.execute(select(training.c.id).where(wanted)).scalar()
    if id_ is None:
        return None
    taken = {"state": TrainingState.RUNNING.value, "started_at": now, "alive_at": now}
    mine = connection.execute(update(training).where(training.c.id == id_, wanted).values(**taken))
    return id_ if mine.rowcount else None


def heartbeat(connection: Connection, id_: int, now: datetime) -> None:
    """Write that the process that runs the training is alive."""
    connection.execute(update(training).where(training.c.id == id_).values(alive_at=now))


def finish(
    connection: Connection,
    id_: int,
    state: TrainingState,
    now: datetime,
    report: Mapping[str, Any],
    model: str | None = None,
    sources: str | None = None,
    proposal_keys: Iterable[str] = (),
) -> None:
    """Close a training; the proposals in an accepted model become learnt."""
    keys = sorted(proposal_keys)
    values = {"model": model, "sources": sources, "proposal_keys": " ".join(keys), "report": json.dumps(report)}
    own = update(training).where(training.c.id == id_)
    connection.execute(own.values(open=None, state=state.value, finished_at=now, **values))
    if state is TrainingState.ACCEPTED:
        proposals.mark_trained(connection, keys)


def accepted(connection: Connection) -> Training | None:
    """Return the newest training whose model was accepted."""
    own = training.c.state == TrainingState.ACCEPTED.value
    row = connection.execute(select(training).where(own).order_by(training.c.id.desc()).limit(1)).first()
    return _training(row) if row else None


def usable(connection: Connection, sources: str) -> Training | None:
    """Return the newest accepted training if its model was made from ``sources`` and no approval in it was revoked."""
    found = accepted(connection)
    if found is None or found.sources != sources:
        return None
    return None if found.proposal_keys - {entry.key for entry in proposals.training_data(connection)[0]} else found


@dataclass(frozen=True)
class PendingChanges:
    """What the next training would change."""

    added: int
    """How many proposals are approved and not learnt yet."""
    taken_out: int
    """How many proposals in the present model were revoked."""


def pending_changes(connection: Connection) -> PendingChanges:
    """Return what the next training would change."""
    approved = proposal.c.state == ProposalState.APPROVED.value
    added = len(connection.execute(select(proposal.c.id).where(approved)).all())
    found = accepted(connection)
    live = {entry.key for entry in proposals.training_data(connection)[0]} if found and found.proposal_keys else set()
    return PendingChanges(added, len(found.proposal_keys - live) if found else 0)


def _training(row: Any) -> Training:
    same = ("id", "wanted_by", "wanted_at", "started_at", "finished_at", "model", "sources")
    values = {name: getattr(row, name) for name in same}
    report = json.loads(row.report) if row.report else {}
    return Training(
        **values, state=TrainingState(row.state), proposal_keys=frozenset(row.proposal_keys.split()), report=report
    )
