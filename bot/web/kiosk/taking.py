"""What a visitor can take along: sent to their own telephone or chat. Nothing is downloaded to the screen's machine."""

from sqlalchemy.engine import Connection

from bot.database.engine import DatabaseError
from bot.messages import Answer
from bot.records import audit
from bot.records.access.identities import Access
from bot.records.participants import repository
from bot.web.kiosk.screen import KioskRequest
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


async def sendable(visit: KioskRequest, answer: Answer | None) -> str | None:
    """Return the topic of an answer that can be sent to the visitor's telephone, if there is one."""
    answered = topic(answer)
    if answer is None or answered is None or not answer.personal:  # said to nobody who is signed in
        return None
    return answered if can_be_sent(visit, answered) and await has_phone(visit) else None


async def has_phone(visit: KioskRequest) -> bool:
    """Tell whether the visitor has signed in, and has a telephone or chat that wants to be written to."""
    person = await _person(visit)
    if person is None:
        return False
    try:
        return bool(await visit.screen.database.read(lambda c: visit.screen.post.reachable(c, person)))
    except DatabaseError:  # the answer does not wait for it
        return False


def can_be_sent(visit: KioskRequest, topic: str) -> bool:
    """Tell whether there are words for ``topic`` to send: the leaflet's, or the own dates."""
    return topic == DATES or (topic in visit.screen.words.topics() and visit.screen.words.section(topic) is not None)


async def send(visit: KioskRequest, topic: str) -> bool:
    """Send what ``topic`` has, in the form of each, to the visitor's telephone or chat; tell whether there is one."""
    person = await _person(visit)

    def put(connection: Connection) -> bool:
        words = _words(connection, visit, person, topic) if person is not None else None
        if words is None or person is None:
            return False
        return bool(visit.screen.post.put(connection, person, words, visit.now, personal=topic == DATES))

    sent = await visit.screen.database.write(put)
    visit.screen.post.wake()
    return sent


async def _person(visit: KioskRequest) -> int | None:
    who = await visit.screen.stay(visit.token, visit.now)
    return who.participant_id if who.access is Access.UNLOCKED else None


def _words(connection: Connection, visit: KioskRequest, person: int, topic: str) -> Words | None:
    """Return what is sent; None where the person is not there any more."""
    if topic != DATES:
        return lambda rendering: visit.screen.said(topic, rendering)
    record = repository.load_participant(connection, person)
    if record is None:
        return None
    found = record
    audit.note(connection, visit.now, "participant", "sent the own dates to the own phone", person, "screen")
    return lambda rendering: visit.screen.own.dates(connection, found, visit.now, rendering)
