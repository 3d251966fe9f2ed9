"""Who is asking. Link codes and PINs are taken here, before anything else can see, keep or log them."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy.engine import Connection

from bot.database.engine import Database, DatabaseError
from bot.dialogue.own_turns import OwnTurns
from bot.messages import InboundMessage
from bot.records import identities
from bot.records.identities import DIGITS, LETTERS, SHAPE, UNKNOWN, Access, Speaker
from bot.text.normalise import normalise

logger = logging.getLogger(__name__)

_SEEN = "".join("[" + (LETTERS if part == LETTERS else DIGITS) + "]" for part in SHAPE[:4])
_SEEN += r"[ -]?" + "".join("[" + (LETTERS if part == LETTERS else DIGITS) + "]" for part in SHAPE[4:])
_CODE = re.compile(rf"(?<![A-Z0-9]){_SEEN}(?![A-Z0-9])")
_MEANT_AS_CODE = re.compile(
    r"^(?:/?start|link|(?:my |the )?(?:link )?code(?: is)?)[\s:]+(?=\S*\d)([A-Z0-9][A-Z0-9 -]{3,14})$", re.IGNORECASE
)
_SIX = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?![ -]?\d)")
_ONLY_DIGITS = re.compile(r"[\d\s.-]+")
_MEANT_AS_PIN = re.compile(r"\b(?:pin|passcode|password)\b", re.IGNORECASE)
_SHORT = 6
"""Words: six digits in a message no longer than this are a PIN, where a PIN is waited for."""


@dataclass(frozen=True)
class Taken:
    """What came of looking at a message: who speaks, and either an answer or the text that the dialogue may hear."""

    speaker: Speaker
    says: str | None = None
    """The response that answers the message, where it was one for here."""
    question: str | None = None
    """A question asked before the PIN, to be answered now that it is there."""
    held_secret: bool = False


class Identity:
    """Links, PINs and who may see what; in a thread of its own, one transaction for a message."""

    def __init__(self, database: Database | None, turns: OwnTurns, unlock: timedelta) -> None:
        """Keep a conversation unlocked for ``unlock`` after its PIN; without a database nobody is known."""
        self._database = database
        self._turns = turns
        self._unlock = unlock

    async def take(self, message: InboundMessage, text: str, now: datetime) -> Taken:
        """Look at ``text`` (cleaned); a failing database makes nobody known, and lets no secret through."""
        if message.acting_as is not None:
            return Taken(Speaker(Access.UNLOCKED, message.acting_as))
        if self._database is None:
            return Taken(UNKNOWN)
        code, digits = link_code(text), six_digits(text)
        try:
            if code or digits or self._turns.unlinks(normalise(text)) or self._turns.locks(normalise(text)):
                return await self._database.write(lambda c: self._with(c, message.conversation, text, now))
            taken = await self._database.read(lambda c: self._speaker(c, message.conversation, text, now))
        except DatabaseError:
            logger.exception("who is asking could not be looked up")
            secret = bool(code or digits)
            return Taken(Speaker(Access.UNAVAILABLE), "trouble" if secret else None, held_secret=secret)
        return taken

    async def keep_question(self, conversation: str, text: str) -> None:
        """Keep a question that needs the PIN first."""
        if self._database is not None:
            await self._database.write(lambda c: identities.keep_question(c, conversation, text))

    def _speaker(self, connection: Connection, address: str, text: str, now: datetime) -> Taken:
        who = identities.speaker(connection, address, now)
        if who.participant_id is not None and _ONLY_DIGITS.fullmatch(text) and 3 < len(re.sub(r"\D", "", text)) < 10:
            return Taken(who, "pin_digits", held_secret=True)
        if who.access is Access.NO_PIN and self._turns.puts_off(normalise(text)):
            return Taken(who, "pin_later")
        return Taken(who)

    def _with(self, connection: Connection, address: str, text: str, now: datetime) -> Taken:
        code = link_code(text)
        if code:
            return self._link(connection, address, code, now)
        who = identities.speaker(connection, address, now)
        normalised = normalise(text)
        if self._turns.unlinks(normalised) and identities.unlink(connection, address, now):
            return Taken(UNKNOWN, "unlinked")
        if self._turns.locks(normalised) and who.access is Access.UNLOCKED:
            identities.lock(connection, address)
            return Taken(Speaker(Access.LOCKED, who.participant_id), "locked_now")
        digits = six_digits(text)
        if digits and (_is_pin(text) or (who.access in (Access.NO_PIN, Access.LOCKED) and _short(text))):
            return self._pin(connection, address, digits, who, now)
        return Taken(who)

    def _link(self, connection: Connection, address: str, code: str, now: datetime) -> Taken:
        who = identities.link(connection, address, code, now)
        if who is None:
            return Taken(identities.speaker(connection, address, now), "no_such_code", held_secret=True)
        says = "linked_choose_pin" if who.access is Access.NO_PIN else "linked_send_pin"
        return Taken(who, says, held_secret=True)

    def _pin(self, connection: Connection, address: str, digits: str, who: Speaker, now: datetime) -> Taken:
        if who.access is Access.UNKNOWN:
            return Taken(who, "not_linked", held_secret=True)
        if who.access is Access.NO_PIN:
            if easy(digits):
                return Taken(who, "pin_easy", held_secret=True)
            identities.choose_pin(connection, address, digits, now, self._unlock)
            return self._unlocked(connection, address, who, "pin_chosen")
        if not identities.enter_pin(connection, address, digits, now, self._unlock):
            return Taken(who, "pin_wrong", held_secret=True)
        return self._unlocked(connection, address, who, "unlocked")

    @staticmethod
    def _unlocked(connection: Connection, address: str, who: Speaker, says: str) -> Taken:
        question = identities.take_question(connection, address)
        if question and says == "unlocked":
            says = "unlocked_briefly"
        return Taken(Speaker(Access.UNLOCKED, who.participant_id), says, question, held_secret=True)


def link_code(text: str) -> str | None:
    """Return the link code in ``text``, in capitals without a hyphen; one mistyped but meant as a code too."""
    found = _CODE.search(text.upper())
    if found:
        return re.sub(r"[ -]", "", found[0])
    meant = _MEANT_AS_CODE.match(text.strip())
    return re.sub(r"[ -]", "", meant[1]).upper() if meant else None


def six_digits(text: str) -> str | None:
    """Return six digits that stand together in ``text``, or None."""
    found = _SIX.search(text)
    return re.sub(r"\D", "", found[0]) if found else None


def easy(digits: str) -> bool:
    """Tell whether a PIN is one of those that people guess first: one digit, a run, or a pattern repeated."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or digits[:2] * 3 == digits or digits[:3] * 2 == digits


def _is_pin(text: str) -> bool:
    return bool(_ONLY_DIGITS.fullmatch(text) or (_MEANT_AS_PIN.search(text) and _short(text)))


def _short(text: str) -> bool:
    return len(text.split()) <= _SHORT


def metadata(speaker: Speaker, now: datetime) -> Mapping[str, object]:
    """Return what the answering action is told about who speaks."""
    return {"access": speaker.access.value, "participant": speaker.participant_id, "now": now.isoformat()}
