"""Proposals of questions to learn: made by one member of staff, decided by another, revocable by either."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records.enums import ProposalState
from bot.review.tables import question
from bot.training.added_questions import AddedQuestions
from bot.training.tables import proposal

LIVE = (ProposalState.APPROVED, ProposalState.IN_MODEL)
"""The questions of proposals in these states are training data."""
_OVER = (ProposalState.REFUSED, ProposalState.TAKEN_BACK)


class OwnProposalError(Exception):
    """A member of staff tried to decide on their own proposal."""


@dataclass(frozen=True)
class Proposal:
    """Questions that a member of staff proposes for a topic."""

    id: int
    key: str
    topic: str
    questions: tuple[str, ...]
    state: ProposalState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


def propose(
    connection: Connection, topic: str, words: Sequence[str], questions: Collection[int], actor: str, now: datetime
) -> int:
    """Propose ``words`` for ``topic`` and return the proposal's id.

    The ``questions`` that they come from (ids) are not open until the proposal is decided.
    """
    row = {
        "key": uuid.uuid4().hex[:12],
        "topic": topic,
        "words": "\n".join(words),
        "proposed_by": actor,
        "proposed_at": now,
    }
    id_ = int(connection.execute(insert(proposal).values(**row)).inserted_primary_key[0])
    mine = question.c.id.in_(questions) & question.c.proposal_id.is_(None)
    connection.execute(update(question).where(mine).values(proposal_id=id_))
    return id_


def approve(connection: Connection, id_: int, actor: str, now: datetime) -> Proposal | None:
    """Approve a proposal and delete the questions that it came from; return None if it is not waiting.

    Raises OwnProposalError.
    """
    found = _decide(connection, id_, ProposalState.APPROVED, actor, now)
    if found:
        connection.execute(delete(question).where(question.c.proposal_id == id_))
    return found


def refuse(connection: Connection, id_: int, reason: str, actor: str, now: datetime) -> Proposal | None:
    """Refuse a proposal, so that the questions that it came from are open again; return None if it is not waiting.

    Raises OwnProposalError.
    """
    found = _decide(connection, id_, ProposalState.REFUSED, actor, now, reason)
    if found:
        connection.execute(update(question).where(question.c.proposal_id == id_).values(proposal_id=None))
    return found


def revoke(connection: Connection, id_: int, now: datetime) -> Proposal | None:
    """Revoke an approval, so that the next training leaves the questions out; return None if there is no approval."""
    own = (proposal.c.id == id_) & proposal.c.state.in_([state.value for state in LIVE])
    values = {"state": ProposalState.TAKEN_BACK.value, "decided_at": now}
    return one(connection, id_) if connection.execute(update(proposal).where(own).values(**values)).rowcount else None


def one(connection: Connection, id_: int) -> Proposal | None:
    """Return a proposal, or None if there is none."""
    row = connection.execute(select(proposal).where(proposal.c.id == id_)).first()
    return _proposal(row) if row else None


def in_state(connection: Connection, *states: ProposalState, most: int = 200) -> list[Proposal]:
    """Return the proposals in any of ``states``: at most ``most``, the newest first."""
    wanted = proposal.c.state.in_([state.value for state in states])
    rows = connection.execute(select(proposal).where(wanted).order_by(proposal.c.id.desc()).limit(most))
    return [_proposal(row) for row in rows]


def training_data(
    connection: Connection, states: Collection[ProposalState] = LIVE
) -> tuple[list[AddedQuestions], set[str]]:
    """Return the questions of all proposals in ``states``, the oldest first; and the keys of all proposals."""
    wanted = proposal.c.state.in_([state.value for state in states])
    rows = connection.execute(select(proposal).where(wanted).order_by(proposal.c.id))
    entries = [AddedQuestions(row.key, row.topic, tuple(row.words.split("\n"))) for row in rows]
    return entries, set(connection.execute(select(proposal.c.key)).scalars())


def live_keys(connection: Connection) -> frozenset[str]:
    """Return the keys of the proposals whose questions are training data; nothing is decrypted."""
    wanted = proposal.c.state.in_([state.value for state in LIVE])
    return frozenset(connection.execute(select(proposal.c.key).where(wanted)).scalars())


def mark_trained(connection: Connection, keys: Collection[str]) -> None:
    """Note that the model in use has learnt the approved proposals among ``keys``."""
    approved = proposal.c.key.in_(keys) & (proposal.c.state == ProposalState.APPROVED.value)
    connection.execute(update(proposal).where(approved).values(state=ProposalState.IN_MODEL.value))


def purge_expired(connection: Connection, before: datetime) -> int:
    """Delete proposals that were refused or revoked before a moment, and return how many."""
    old = proposal.c.state.in_([state.value for state in _OVER]) & (proposal.c.decided_at < before)
    return int(connection.execute(delete(proposal).where(old)).rowcount)


def _decide(
    connection: Connection, id_: int, state: ProposalState, actor: str, now: datetime, reason: str | None = None
) -> Proposal | None:
    found = one(connection, id_)
    if found is None or found.state is not ProposalState.PROPOSED:
        return None
    if found.proposed_by == actor:
        raise OwnProposalError
    values = {"state": state.value, "decided_by": actor, "decided_at": now, "reason": reason}
    own = (proposal.c.id == id_) & (proposal.c.state == ProposalState.PROPOSED.value)
    return found if connection.execute(update(proposal).where(own).values(**values)).rowcount else None


def _proposal(row: object) -> Proposal:
    same = ("id", "key", "topic", "proposed_by", "proposed_at", "decided_by", "decided_at", "reason")
    values = {name: getattr(row, name) for name in same}
    words, state = row.words, row.state  # type: ignore[attr-defined]
    return Proposal(**values, questions=tuple(words.split("\n")), state=ProposalState(state))
