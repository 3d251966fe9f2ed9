"""Trainings: asked for on a page, done by one process at a time, and what the trial of the new model said.

The row is the lock: at most one is open, whoever does it says every few seconds that he is alive, and one that nobody
is alive for has failed.
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
    holds: frozenset[str]
    """The keys of the proposals that the model learnt from."""
    report: Mapping[str, Any]
    """What its trial said, in figures; or under "why" why it failed."""

    @property
    def is_open(self) -> bool:
        """Tell whether it has not ended."""
        return self.state in (TrainingState.WANTED, TrainingState.RUNNING)


def want(connection: Connection, actor: str, now: datetime) -> bool:
    """Ask for a training; tell whether there was none under way."""
    try:
        with connection.begin_nested():
            connection.execute(insert(training).values(open=True, wanted_by=actor, wanted_at=now))
    except IntegrityError:
        return False
    return True


def latest(connection: Connection, most: int = 1) -> list[Training]:
    """Return the last trainings, the newest first."""
    rows = connection.execute(select(training).order_by(training.c.id.desc()).limit(most))
    return [_training(row) for row in rows]


def under_way(connection: Connection) -> bool:
    """Tell whether one is open."""
    return connection.execute(select(training.c.id).where(training.c.open.is_(True))).first() is not None


def claim(connection: Connection, now: datetime) -> int | None:
    """Take the training that is waited for, and return its id; None where there is none, or another process was first.

    One that was begun by a process that is not there any more ends here.
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


def alive(connection: Connection, id_: int, now: datetime) -> None:
    """Say that somebody is working on it."""
    connection.execute(update(training).where(training.c.id == id_).values(alive_at=now))


def finish(
    connection: Connection,
    id_: int,
    state: TrainingState,
    now: datetime,
    report: Mapping[str, Any],
    model: str | None = None,
    sources: str | None = None,
    holds: Iterable[str] = (),
) -> None:
    """Say how it ended; what a model that was accepted holds is learnt."""
    keys = sorted(holds)
    values = {"model": model, "sources": sources, "holds": " ".join(keys), "report": json.dumps(report)}
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
    """Return the newest accepted one, if it was made from ``sources`` and holds nothing that was taken back since."""
    found = accepted(connection)
    if found is None or found.sources != sources:
        return None
    return None if found.holds - {entry.key for entry in proposals.training_data(connection)[0]} else found


@dataclass(frozen=True)
class Ahead:
    """What the next training would change."""

    added: int
    """Proposals that are approved and not learnt."""
    taken_out: int
    """Proposals that the model in use holds, and that were taken back."""


def ahead(connection: Connection) -> Ahead:
    """Return what the next training would change."""
    approved = proposal.c.state == ProposalState.APPROVED.value
    added = len(connection.execute(select(proposal.c.id).where(approved)).all())
    found = accepted(connection)
    live = {entry.key for entry in proposals.training_data(connection)[0]} if found and found.holds else set()
    return Ahead(added, len(found.holds - live) if found else 0)


def _training(row: Any) -> Training:
    same = ("id", "wanted_by", "wanted_at", "started_at", "finished_at", "model", "sources")
    values = {name: getattr(row, name) for name in same}
    report = json.loads(row.report) if row.report else {}
    return Training(**values, state=TrainingState(row.state), holds=frozenset(row.holds.split()), report=report)
