"""What staff have the service write to a participant, in neutral words."""

from bot.messages import ReplyFormat
from bot.web.staff.request import StaffRequest


def can_reach(request: StaffRequest, person: int) -> bool:
    """Tell whether anything is linked that may be written to."""
    return bool(request.app.notifier.reachable(request.connection, person))


def send(request: StaffRequest, person: int, topic: str, **values: str) -> bool:
    """Send the words for ``topic``; False where the person has nothing linked that may be written to."""
    words, office = request.app.catalog, request.app.settings.office

    def said(reply_format: ReplyFormat) -> str:
        return words.text(topic, reply_format, **office, **values)

    kinds = request.app.notifier.put(request.connection, person, said, request.now)
    for kind in kinds:
        request.note("notice sent", person, f"{topic} by {kind}")
    return bool(kinds)
