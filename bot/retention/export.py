"""Everything that is held about one participant, for the answer to a request to see it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.alerts.tables import alert
from bot.conversation.tables import conversation_state
from bot.database.columns import BlindIndex
from bot.messaging.tables import inbox, outbox
from bot.records.access.tables import opt_out, pin
from bot.records.participants.tables import enrolment, participant
from bot.records.sessions.tables import block, programme_group, session
from bot.retention.addresses import OwnAddress, own_addresses
from bot.retention.all_tables import metadata
from bot.retention.holdings import HOLDINGS, Erasure

Row = dict[str, Any]
_NAMED = {
    "group_id": (programme_group, (programme_group.c.name,)),
    "session_id": (session, (session.c.number, session.c.starts_at)),
    "block_id": (block, (block.c.name,)),
}
"""What is shown beside a number that means nothing outside the database."""
_BY_ADDRESS = {
    table.name: (table, moment)
    for table, moment in ((inbox, inbox.c.received_at), (outbox, outbox.c.created_at), (opt_out, opt_out.c.since))
}
_KEPT_SECRET = {pin.c.hash}


def export(connection: Connection, participant_id: int) -> dict[str, list[Row]]:
    """Return the rows of every table that are about one person, by table.

    Keyed hashes and the hash of the PIN are left out: they say nothing to anybody. Times are ISO 8601 in UTC.
    """
    own = own_addresses(connection, participant_id)
    found = {name: list(_rows_of(connection, name, participant_id, own)) for name in HOLDINGS}
    return {name: rows for name, rows in found.items() if rows}


def _rows_of(connection: Connection, name: str, participant_id: int, own: list[OwnAddress]) -> Iterator[Row]:
    table, holding = metadata.tables[name], HOLDINGS[name]
    if name == "alert":
        yield from _rows(connection, table, alert.c.id.in_(_alerts(connection, participant_id, own)))
    elif name == "alert_step":
        yield from _rows(connection, table, table.c.alert_id.in_(_alerts(connection, participant_id, own)))
    elif name == "conversation_state":
        for address in own:
            yield from _rows(connection, table, conversation_state.c.conversation_hash == address.conversation)
    elif name in _BY_ADDRESS:
        yield from _mail(connection, name, own)
    elif holding.erasure is not Erasure.NOBODY:
        yield from _linked(connection, table, participant_id)


def _linked(connection: Connection, table: Table, participant_id: int) -> Iterator[Row]:
    """Yield the rows that point to the person, by themselves or through an enrolment."""
    if table is participant:
        yield from _rows(connection, table, participant.c.id == participant_id)
    elif "participant_id" in table.c:
        yield from _rows(connection, table, table.c.participant_id == participant_id)
    elif "enrolment_id" in table.c:
        mine = select(enrolment.c.id).where(enrolment.c.participant_id == participant_id)
        yield from _rows(connection, table, table.c.enrolment_id.in_(mine))


def _mail(connection: Connection, name: str, own: list[OwnAddress]) -> Iterator[Row]:
    table, moment = _BY_ADDRESS[name]
    for address in own:
        told = address.conversation if table is opt_out else address.address.value
        yield from _rows(connection, table, (table.c.address_hash == told) & address.in_own_time(moment))


def _alerts(connection: Connection, participant_id: int, own: list[OwnAddress]) -> list[int]:
    """Return the ids of the alerts about the person."""
    names = {name: address for address in own for name in (address.conversation, address.address.value)}
    rows = connection.execute(select(alert.c.id, alert.c.address, alert.c.raised_at, alert.c.participant_id)).all()
    found = []
    for row in rows:
        address = names.get(row.address)
        if row.participant_id == participant_id or (address and address.owns(row.raised_at)):
            found.append(row.id)
    return found


def _rows(connection: Connection, table: Table, own: "ColumnElement[Any]") -> Iterator[Row]:
    shown = [column for column in table.columns if not _is_hidden(column)]
    order = [column for column in table.primary_key.columns if not isinstance(column.type, BlindIndex)]
    for row in connection.execute(select(*shown).where(own).order_by(*order)).mappings():
        yield {name: _plain(value) for name, value in row.items()} | _names(connection, row)


def _names(connection: Connection, row: Any) -> Row:
    """Return, for what a row points to, the names that people know it by."""
    named: Row = {}
    for column, (table, shown) in _NAMED.items():
        if row.get(column) is not None:
            found = connection.execute(select(*shown).where(table.c.id == row[column])).mappings().one()
            named |= {f"{table.name}_{name}": _plain(value) for name, value in found.items()}
    return named


def _is_hidden(column: Any) -> bool:
    return isinstance(column.type, BlindIndex | LargeBinary) or column in _KEPT_SECRET


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
