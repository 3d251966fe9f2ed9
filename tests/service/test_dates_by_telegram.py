"""A person's dates by Telegram: the list and its calendar file, through the inbox and the outbox."""

from datetime import UTC, datetime

from sqlalchemy import select

from bot.messages import Address, AddressKind, Arrival, OutboundMessage, ReplyFormat
from bot.messaging import inbox
from bot.messaging.tables import outbox
from bot.messaging.worker import ChannelConfig, Worker
from bot.records.access import identities
from bot.records.participants import repository

CHAT = Address(AddressKind.TELEGRAM, "5550873")


def test_a_calendar_file_is_answered_at_the_first_try(bot, record, loop):
    """What the answer writes is rehearsed and then performed; a new entry has the same name both times."""
    now = datetime.now(UTC)
    with record.writing() as connection:
        person = repository.participant_id(connection, "P00")
        identities.reset_pin(connection, person, "test", now)
        code = identities.issue_code(connection, person, "test", now)
    worker = Worker(
        record,
        bot,
        {"telegram": ChannelConfig(AddressKind.TELEGRAM, ReplyFormat.TELEGRAM)},
        lambda: datetime.now(UTC),
        lambda: None,
    )
    for number, text in enumerate((code, "580417", "what are my dates")):
        with record.writing() as connection:
            inbox.store(connection, Arrival("telegram", f"dates {number}", CHAT, text), datetime.now(UTC))
        assert loop.run(worker.handle_one())
    with record.reading() as connection:
        rows = connection.execute(select(outbox.c.content).where(outbox.c.address_hash == CHAT.value)).scalars().all()
    answers = [OutboundMessage.from_json(row) for row in rows]
    (file,) = [answer.file for answer in answers if answer.file]
    assert file.content.count("BEGIN:VEVENT") > 1
    assert not loop.run(worker.handle_one()), "the message is not handled anew"
