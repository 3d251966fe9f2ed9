"""Whose an address of the mailbox is, and whether a member may know."""

from bot.records.access import identities
from bot.web.staff.desk import StaffRequest

_SMS = ("twilio", "notify", "kannel")
"""Gateways of text messages: one person is one conversation, by whichever a message came."""


def person(visit: StaffRequest, channel: str, address: str) -> int | None:
    """Return whom ``address`` is linked to."""
    return identities.speaker(visit.connection, _conversation(channel, address), visit.now).participant_id


def opted_out(visit: StaffRequest, channel: str, address: str) -> bool:
    """Tell whether whoever is at ``address`` has asked not to be written to."""
    return identities.opted_out(visit.connection, _conversation(channel, address))


def shown(channel: str, address: str) -> str:
    """Return how an address that is linked to nobody is shown: a number as it is, a screen's token not at all."""
    return "" if channel == "screen" else address


def _conversation(channel: str, address: str) -> str:
    kind = "sms" if channel in _SMS else channel
    # A screen's address is the conversation itself; a gateway's is what stands behind the kind of conversation.
    return address if address.startswith(f"{kind}:") else f"{kind}:{address}"
