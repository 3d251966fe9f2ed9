"""What staff have the service write to a participant: neutral words, to whatever is linked, if it may be written to."""

from bot.mailbox import outbox
from bot.mailbox.parcels import parcels
from bot.messages import Rendering, Reply
from bot.records import audit, identities
from bot.replies import gsm
from bot.web.staff.desk import Visit


def can_reach(visit: Visit, person: int) -> bool:
    """Tell whether anything is linked that may be written to."""
    return bool(_reachable(visit, person))


def send(visit: Visit, person: int, topic: str, **values: str) -> bool:
    """Send the words for ``topic``; False where the person has nothing linked that may be written to."""
    reachable = _reachable(visit, person)
    for kind, address in reachable:
        rendering = Rendering.SMS if kind == "sms" else Rendering.TELEGRAM
        text = visit.desk.wording.text(topic, rendering, **visit.desk.settings.office, **values)
        reply = Reply(gsm.to_gsm(text) if rendering is Rendering.SMS else text)
        outbox.put(visit.connection, visit.desk.gateways[kind], address, parcels([reply], rendering), visit.now)
        audit.note(visit.connection, visit.now, visit.member.actor, "notice sent", person, f"{topic} by {kind}")
    return bool(reachable)


def _reachable(visit: Visit, person: int) -> list[tuple[str, str]]:
    found = []
    for conversation in identities.addresses(visit.connection, person):
        kind, _, address = conversation.partition(":")
        if kind in visit.desk.gateways and not identities.opted_out(visit.connection, conversation):
            found.append((kind, address))
    return found
