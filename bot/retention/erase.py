"""Removes a participant and everything that is held about them, also from before they were linked and after."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.alerts.tables import alert
from bot.conversation.tables import conversation_state
from bot.messaging.tables import inbox, outbox
from bot.records.access.tables import opt_out
from bot.records.participants import repository
from bot.retention.addresses import OwnAddress, own_addresses


def erase(connection: Connection, participant_id: int, actor: str, now: datetime) -> None:
    """Erase a person in the caller's transaction. The audit trail stays, with the person cut out of it.

    Args:
        connection: a writing transaction.
        participant_id: whom to erase.
        actor: who does it, for the audit trail.
        now: when.
    """
    own = own_addresses(connection, participant_id)
    for address in own:
        _erase_address(connection, address)
    erase_alerts(connection, own)
    repository.remove(connection, participant_id, actor, now)


def erase_alerts(connection: Connection, own: list[OwnAddress]) -> None:
    """Erase the alerts of these addresses. An alert's address is encrypted only, so it is compared here."""
    names = {name: address for address in own for name in (address.conversation, address.address.value)}
    rows = connection.execute(select(alert.c.id, alert.c.address, alert.c.raised_at)).all()
    gone = [row.id for row in rows if row.address in names and names[row.address].owns(row.raised_at)]
    for id_ in gone:
        connection.execute(delete(alert).where(alert.c.id == id_))


def _erase_address(connection: Connection, own: OwnAddress) -> None:
    for table, moment in ((outbox, outbox.c.created_at), (inbox, inbox.c.received_at)):
        connection.execute(delete(table).where(table.c.address_hash == own.address.value, own.in_own_time(moment)))
    state, name = conversation_state.c, own.conversation
    connection.execute(
        delete(conversation_state).where(state.conversation_hash == name, own.in_own_time(state.updated_at))
    )
    connection.execute(delete(opt_out).where(opt_out.c.address_hash == name, own.in_own_time(opt_out.c.since)))
