"""What staff have the service write to a participant, in neutral words."""

from bot.messages import ReplyFormat
from bot.records import audit
from bot.web.staff.desk import StaffRequest


def can_reach(visit: StaffRequest, person: int) -> bool:
    """Tell whether anything is linked that may be written to."""
    return bool(visit.desk.post.reachable(visit.connection, person))


def send(visit: StaffRequest, person: int, topic: str, **values: str) -> bool:
    """Send the words for ``topic``; False where the person has nothing linked that may be written to."""
    words, office = visit.desk.wording, visit.desk.settings.office

    def said(rendering: ReplyFormat) -> str:
        return words.text(topic, rendering, **office, **values)

    kinds = visit.desk.post.put(visit.connection, person, said, visit.now)
    for kind in kinds:
        audit.note(visit.connection, visit.now, visit.member.actor, "notice sent", person, f"{topic} by {kind}")
    return bool(kinds)
