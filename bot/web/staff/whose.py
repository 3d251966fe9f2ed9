"""Whose an address of the mailbox is, and whether a member may know."""

from bot.records import identities
from bot.web.staff.desk import Visit

_SMS = ("twilio", "notify", "kannel")
"""Gateways of text messages: one person is one conversation, by whichever a message came."""


def person(visit: Visit, channel: str, address: str) -> int | None:
    """Return whom ``address`` is linked to."""
    conversation = f"{'sms' if channel in _SMS else channel}:{address}"
    return identities.speaker(visit.connection, conversation, visit.now).participant_id
