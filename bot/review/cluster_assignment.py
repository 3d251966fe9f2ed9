"""Assigns new questions to clusters of similar ones, and drops those that should not have been kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from bot.review import clustering, privacy
from bot.review.clustering import Clusters, Vector
from bot.review.tables import question

COMPARED = 2_000
"""A new question is compared with the clusters of this many others, the newest."""
BATCH = 200
"""At most this many questions are assigned in one transaction."""

Encode = Callable[[Sequence[str]], Vector]
"""Returns a row of length 1 for each text."""
IsUnsafe = Callable[[str], bool]
"""Tells whether a text says that a life or a child is at risk."""


@dataclass(frozen=True)
class ClusterAssignment:
    """What is to be written about new questions."""

    clusters: dict[int, tuple[str, int]]
    """For each question, by its id, its vector as text and the id of its cluster."""
    dropped: frozenset[int]
    """The ids of questions that should not have been kept."""


def assign_clusters(connection: Connection, encode: Encode, is_unsafe: IsUnsafe) -> ClusterAssignment | None:
    """Return the clusters of new questions, or None if there are none.

    It writes nothing, because encoding may take a second: :func:`save_clusters` writes.
    """
    new = select(question.c.id, question.c.text).where(question.c.vector.is_(None)).order_by(question.c.id)
    rows = connection.execute(new.limit(BATCH)).all()
    if not rows:
        return None
    dropped = frozenset(r.id for r in rows if is_unsafe(r.text) or privacy.mentions_reference(connection, r.text))
    staying = [row for row in rows if row.id not in dropped]
    vectors = encode([row.text for row in staying]) if staying else ()
    existing, found = _existing_clusters(connection), {}
    for row, vector in zip(staying, vectors, strict=True):
        found[row.id] = clustering.to_text(vector), existing.assign(vector, row.id)
    return ClusterAssignment(found, dropped)


def save_clusters(connection: Connection, assignment: ClusterAssignment) -> None:
    """Write an assignment; a question that another process has assigned meanwhile stays as it is."""
    if assignment.dropped:
        connection.execute(delete(question).where(question.c.id.in_(assignment.dropped)))
    for id_, (vector, cluster_id) in assignment.clusters.items():
        own = (question.c.id == id_) & question.c.vector.is_(None)
        connection.execute(update(question).where(own).values(vector=vector, cluster_id=cluster_id))


def _existing_clusters(connection: Connection) -> Clusters:
    clustered = select(question.c.cluster_id, question.c.vector).where(question.c.vector.is_not(None))
    rows = connection.execute(clustered.order_by(question.c.id.desc()).limit(COMPARED))
    return Clusters((row.cluster_id, clustering.from_text(row.vector)) for row in rows)
