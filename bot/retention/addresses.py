"""Whose a message or an alert was, by the telephones, chats and visits that a participant had and has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, not_, select, true
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.messages import Address
from bot.records.access.tables import channel_identity, former_identity


@dataclass(frozen=True)
class OwnAddress:
    """An address of a person, and when it was somebody else's."""

    address: Address
    others: tuple[tuple[datetime, datetime | None], ...] = ()
    """From when until when it was linked to other people; None for still."""

    @property
    def conversation(self) -> str:
        """The name of the conversation with whoever has the address."""
        return str(self.address)

    def owns(self, moment: datetime) -> bool:
        """Tell whether what happened at ``moment`` was not in another person's time."""
        return not any(since <= moment and (until is None or moment <= until) for since, until in self.others)

    def in_own_time(self, moment: "Column[Any]") -> "ColumnElement[Any]":
        """Return :meth:`owns` as a condition on a column."""
        theirs: list[Any] = [
            and_(moment >= since, moment <= until) if until else moment >= since for since, until in self.others
        ]
        return and_(true(), *(not_(time) for time in theirs))


def own_addresses(connection: Connection, participant_id: int) -> list[OwnAddress]:
    """Return every address that a person has or had, as far back as former ones are kept."""
    found: set[Address] = set()
    for table in (channel_identity, former_identity):
        query = select(table.c.address).where(table.c.participant_id == participant_id)
        found.update(map(Address.parse, connection.execute(query).scalars()))
    return [OwnAddress(one, tuple(_others(connection, participant_id, one))) for one in sorted(found)]


def _others(
    connection: Connection, participant_id: int, address: Address
) -> Iterable[tuple[datetime, datetime | None]]:
    now = select(channel_identity.c.linked_at).where(
        channel_identity.c.address_hash == address, channel_identity.c.participant_id != participant_id
    )
    before = select(former_identity.c.linked_at, former_identity.c.unlinked_at).where(
        former_identity.c.address_hash == address, former_identity.c.participant_id != participant_id
    )
    for row in connection.execute(before):
        yield row.linked_at, row.unlinked_at
    for linked_at in connection.execute(now).scalars():
        yield linked_at, None
