"""What a visitor can take along: sent to their own telephone or chat. Nothing is downloaded to the screen's machine."""

from sqlalchemy.engine import Connection

from bot.database.engine import DatabaseError
from bot.messages import Answer
from bot.records import audit
from bot.records.enums import Access
from bot.records.participants import repository
from bot.web.kiosk.request import KioskRequest
from bot.web.participant_notifier import Words

DATES = "my_schedule"
"""The topic of the own coming dates."""
ON_ITS_WAY = "It is on its way to your phone."
NO_PHONE = "It could not be sent: no phone of yours is known here. Staff can give you a link code for it."


def topic(answer: Answer | None) -> str | None:
    """Return the one topic of an answer; none for what is no answer, or danger."""
    if answer is None or answer.alerts or answer.held_secret or len(answer.topics) != 1:
        return None
    return answer.topics[0]


def helpful_topic(answer: Answer | None) -> str | None:
    """Return the topic that a visitor can say was helpful or not.

    There is none for what is no answer, for danger, and where the answer asks something: its buttons stand alone.
    """
    if answer is None or any(reply.buttons for reply in answer.replies):
        return None
    return topic(answer)


async def sendable(request: KioskRequest, answer: Answer | None) -> str | None:
    """Return the topic of an answer that can be sent to the visitor's telephone, if there is one."""
    answered = topic(answer)
    if answer is None or answered is None or not answer.personal:  # said to nobody who is signed in
        return None
    return answered if can_be_sent(request, answered) and await has_phone(request) else None


async def has_phone(request: KioskRequest) -> bool:
    """Tell whether the visitor has signed in, and has a telephone or chat that wants to be written to."""
    person = await _person(request)
    if person is None:
        return False
    try:
        return bool(await request.app.database.read(lambda c: request.app.notifier.reachable(c, person)))
    except DatabaseError:  # the answer does not wait for it
        return False


def can_be_sent(request: KioskRequest, topic: str) -> bool:
    """Tell whether there are words for ``topic`` to send: the leaflet's, or the own dates."""
    return topic == DATES or (topic in request.app.catalog.topics() and request.app.catalog.section(topic) is not None)


async def send(request: KioskRequest, topic: str) -> bool:
    """Send what ``topic`` has, in the form of each, to the visitor's telephone or chat; tell whether there is one."""
    person = await _person(request)

    def put(connection: Connection) -> bool:
        words = _words(connection, request, person, topic) if person is not None else None
        if words is None or person is None:
            return False
        return bool(request.app.notifier.put(connection, person, words, request.now, personal=topic == DATES))

    sent = await request.app.database.write(put)
    request.app.notifier.wake()
    return sent


async def _person(request: KioskRequest) -> int | None:
    who = await request.app.sessions.extend(request.token, request.now)
    return who.participant_id if who.access is Access.UNLOCKED else None


def _words(connection: Connection, request: KioskRequest, person: int, topic: str) -> Words | None:
    """Return what is sent; None where the person is not there any more."""
    if topic != DATES:
        return lambda reply_format: request.app.text(topic, reply_format)
    record = repository.load_participant(connection, person)
    if record is None:
        return None
    found = record
    audit.note(connection, request.now, "participant", "sent the own dates to the own phone", person, "screen")
    return lambda reply_format: request.app.personal.dates(connection, found, request.now, reply_format)
