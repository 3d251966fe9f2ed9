"""Writing to a person from a page: to whatever is linked, if it may be written to, by the gateway set up for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.messages import Address, AddressKind, Reply, ReplyFormat
from bot.messaging import outbox
from bot.messaging.outbound import to_outbound
from bot.records.access import identities
from bot.replies import gsm

Words = Callable[[ReplyFormat], str | Reply]
"""What is written, in the form of a channel."""


@dataclass(frozen=True)
class ParticipantNotifier:
    """Writes to participants: a message goes once the caller's transaction is kept and ``wake`` was called."""

    gateways: Mapping[str, str] = field(default_factory=dict)
    """By which gateway a kind of conversation, "sms" or "telegram", is written to."""
    wake: Callable[[], None] = lambda: None

    def reachable(self, connection: Connection, participant_id: int) -> list[Address]:
        """Return the addresses that a person can be written to at."""
        return [one for one in identities.writable(connection, participant_id) if one.kind in self.gateways]

    def put(
        self, connection: Connection, participant_id: int, words: Words, now: datetime, *, personal: bool = False
    ) -> list[str]:
        """Put ``words``, in the form of each, into the outbox for all of these; return their kinds.

        ``personal`` says that they are about one person's record, and not to be forwarded.
        """
        reachable = self.reachable(connection, participant_id)
        for address in reachable:
            reply_format = ReplyFormat.SMS if address.kind is AddressKind.SMS else ReplyFormat.TELEGRAM
            said = words(reply_format)
            reply = Reply(said) if isinstance(said, str) else said
            if reply_format is ReplyFormat.SMS:
                reply = Reply(gsm.to_gsm(reply.text))
            content = to_outbound([reply], reply_format, personal=personal)
            outbox.put(connection, self.gateways[address.kind], address, content, now)
        return [address.kind.value for address in reachable]
