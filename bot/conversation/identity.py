"""Who is asking. Link codes and PINs are taken here, before anything else can see, keep or log them."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Connection

from bot.conversation.reading.wishes import Wish
from bot.database.engine import DatabaseError
from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.personal_phrases import PersonalPhrases
from bot.messages import Address, InboundMessage, ReplyFormat
from bot.records import audit
from bot.records.access import identities, waits
from bot.records.access.caller import UNKNOWN, Caller
from bot.records.access.hashes import OfferedPin
from bot.records.access.rate_limiter import RateLimiter
from bot.records.enums import Access
from bot.text import pins, six_digits
from bot.text.personal_codes import Secrets
from bot.text.text import Text

logger = logging.getLogger(__name__)

PIN_EXPECTED_FOR = timedelta(minutes=15)
"""How long after a link code what makes no sense is taken for an attempt to send the PIN."""
OPT_OUT_CHANNELS = frozenset({ReplyFormat.SMS, ReplyFormat.TELEGRAM})
"""Where what is said stays on a telephone, and can be stopped."""


_WAITS_FOR_PIN = (Access.NO_PIN, Access.LOCKED)


@dataclass(frozen=True)
class IdentityResult:
    """Who wrote a message, and the response to it where it was a link code, a PIN, or has to wait for one."""

    caller: Caller
    response_key: str | None = None
    """The response that answers the message, where it was one for here."""
    question: str | None = None
    """A question asked before the PIN, to be answered now that it is there."""
    held_secret: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    """What is put in for the placeholders of the response."""
    awaits_pin: bool = False
    """Whether a link code came just now, and the PIN has still to come."""


class MessagingConsent(StrEnum):
    """Whether a person wants to be written to."""

    YES = "yes"
    STOPPED = "stopped"  # just now: confirmed once
    NO = "no"
    AGAIN = "again"  # just now
    EXPLAIN = "explain"  # yes, and wants to know by whom
    ON_DUTY = "on_duty"  # asked for no more, by a telephone of staff that is told of alerts all the same


class Identity:
    """Links, PINs and who may see what."""

    def __init__(self, phrases: PersonalPhrases, unlock: timedelta, on_duty: frozenset[Address] = frozenset()) -> None:
        """Keep a conversation unlocked for ``unlock`` after its PIN.

        ``on_duty`` are the addresses of the duty phones, which cannot stop what they are for.
        """
        self._phrases = phrases
        self._unlock = unlock
        self._on_duty = on_duty
        self._codes_by_phone = RateLimiter(each=5)
        self._codes_by_screen = RateLimiter(each=20)

    async def authenticate(
        self, message: InboundMessage, text: Text, now: datetime, unit: UnitOfWork
    ) -> IdentityResult:
        """Look at ``text``; a failing database makes nobody known, and lets no secret through."""
        if message.acting_as is not None:
            return IdentityResult(Caller(Access.UNLOCKED, message.acting_as))
        held, plain = text.secrets, text.normalised
        if held.code and message.origin.client:
            await asyncio.sleep(self._codes_by_screen.pause(now).total_seconds())
        try:
            if text.holds_secret or self._phrases.unlinks(plain) or self._phrases.locks(plain):
                return await self._changed(message, plain, held, now, unit)
            return await unit.read(lambda c: self._identified(c, message.address, plain, now))
        except DatabaseError:
            logger.exception("who is asking could not be looked up")
            held_secret = text.holds_secret
            return IdentityResult(
                Caller(Access.UNAVAILABLE), "trouble" if held_secret else None, held_secret=held_secret
            )

    async def _changed(
        self, message: InboundMessage, plain: str, held: Secrets, now: datetime, unit: UnitOfWork
    ) -> IdentityResult:
        """Take what changes the record. Wrong codes are counted here: the write may run several times."""
        # A screen is a new conversation with each visit; where it stands stays the same.
        client, address = message.origin.client, message.address
        attempts, whose = (self._codes_by_screen, client) if client else (self._codes_by_phone, str(address))
        wait = attempts.wait(whose, now) if held.code else None
        after_code = attempts.has_failed(whose, now)
        offered = OfferedPin(held.pin or held.digits or "")
        if held.pin or held.digits:  # compared before the write, which holds up every other writer
            kept = await unit.read(lambda c: identities.pin_to_compare(c, address, now))
            _ = kept and offered.matches(kept)
        result = await unit.write(
            lambda c: self._with(c, address, plain, held, offered, now, wait=wait, after_code=after_code)
        )
        if result.response_key == "no_such_code":
            attempts.failed(whose, now)
        return result

    async def may_write(
        self, message: InboundMessage, wish: Wish, now: datetime, unit: UnitOfWork, *, in_exchange: bool
    ) -> "MessagingConsent":
        """Carry out a ``wish`` where people are written to; say whether the person wants that."""
        if message.reply_format not in OPT_OUT_CHANNELS:
            return MessagingConsent.YES
        address = message.address
        if wish is Wish.START:
            return MessagingConsent.AGAIN if await self._start(address, now, unit) else MessagingConsent.EXPLAIN
        if address not in self._on_duty and await self.opted_out(message, unit):
            started = wish is Wish.START_SAID and await self._start(address, now, unit)
            return MessagingConsent.AGAIN if started else MessagingConsent.NO
        cancels = wish is Wish.CANCEL and (in_exchange or await self._chooses_pin(address, now, unit))
        if wish in (Wish.STOP, Wish.CANCEL) and not cancels:
            return MessagingConsent.STOPPED if await self.stop(address, now, unit) else MessagingConsent.ON_DUTY
        return MessagingConsent.EXPLAIN if wish is Wish.WHO else MessagingConsent.YES

    @staticmethod
    async def _start(address: Address, now: datetime, unit: UnitOfWork) -> bool:
        return await unit.write(lambda c: identities.start(c, address, now))

    @staticmethod
    async def _chooses_pin(address: Address, now: datetime, unit: UnitOfWork) -> bool:
        who = await unit.read(lambda c: identities.find_caller(c, address, now))
        return who.access is Access.NO_PIN

    @staticmethod
    async def person(message: InboundMessage, now: datetime, unit: UnitOfWork) -> int | None:
        """Return whose conversation it is, unlocked or not, where that is known."""
        if message.acting_as is not None:
            return message.acting_as
        who = await unit.read(lambda c: identities.find_caller(c, message.address, now))
        return who.participant_id

    @staticmethod
    async def opted_out(message: InboundMessage, unit: UnitOfWork) -> bool:
        """Tell whether the person asked not to be written to."""
        return await unit.read(lambda c: identities.opted_out(c, message.address))

    async def stop(self, address: Address, now: datetime, unit: UnitOfWork) -> bool:
        """Write nothing more to ``address``; tell whether that is so, which for a duty phone it is not."""
        if address in self._on_duty:
            return False
        await unit.write(lambda c: identities.stop(c, address, now))
        return True

    @staticmethod
    async def keep_question(address: Address, text: str, unit: UnitOfWork) -> None:
        """Keep a question that needs the PIN first."""
        await unit.write(lambda c: identities.keep_question(c, address, text))

    def _identified(self, connection: Connection, address: Address, normalised: str, now: datetime) -> IdentityResult:
        who = identities.find_caller(connection, address, now)
        if who.access is Access.NO_PIN and self._phrases.puts_off(normalised):
            return IdentityResult(who, "pin_later")
        linked_just_now = who.linked_at is not None and now < who.linked_at + PIN_EXPECTED_FOR
        return IdentityResult(who, awaits_pin=linked_just_now and who.access in _WAITS_FOR_PIN)

    def _with(
        self,
        connection: Connection,
        address: Address,
        normalised: str,
        held: Secrets,
        offered: OfferedPin,
        now: datetime,
        *,
        wait: timedelta | None,
        after_code: bool,
    ) -> IdentityResult:
        if held.code:
            return self._link(connection, address, held.code, now, wait=wait)
        who = identities.find_caller(connection, address, now)
        if held.pin or (held.digits and (after_code or _expects(who.access, held.digits, normalised))):
            return self._pin(connection, address, held, offered, who, now)
        if self._phrases.unlinks(normalised) and identities.unlink(connection, address, now):
            return IdentityResult(UNKNOWN, "unlinked")
        if self._phrases.locks(normalised) and who.access is Access.UNLOCKED:
            identities.lock(connection, address)
            return IdentityResult(Caller(Access.LOCKED, who.participant_id), "locked_now")
        return self._identified(connection, address, normalised, now)

    @staticmethod
    def _link(
        connection: Connection, address: Address, code: str, now: datetime, *, wait: timedelta | None
    ) -> IdentityResult:
        if wait:
            values = {"wait": waits.in_words(wait)}
            return IdentityResult(
                identities.find_caller(connection, address, now), "code_later", held_secret=True, values=values
            )
        who = identities.link(connection, address, code, now)
        if who is None:
            audit.note(connection, now, "participant", "link code wrong", detail=address.kind)
            return IdentityResult(identities.find_caller(connection, address, now), "no_such_code", held_secret=True)
        says = "linked_choose_pin" if who.access is Access.NO_PIN else "linked_send_pin"
        return IdentityResult(who, says, held_secret=True)

    def _pin(
        self, connection: Connection, address: Address, held: Secrets, offered: OfferedPin, who: Caller, now: datetime
    ) -> IdentityResult:
        if who.access is Access.UNKNOWN or who.participant_id is None:
            return IdentityResult(who, "not_linked", held_secret=True)
        digits = held.pin or held.digits or ""
        if len(digits) != six_digits.DIGITS:
            return IdentityResult(who, "pin_digits", held_secret=True)
        if who.access is Access.NO_PIN:
            if pins.is_weak_pin(digits):
                return IdentityResult(who, "pin_easy", held_secret=True)
            identities.choose_pin(connection, address, offered, now, self._unlock)
            return self._unlocked(connection, address, who, "pin_chosen", held.rest)
        if not identities.enter_pin(connection, address, offered, now, self._unlock):
            return _wrong(who, identities.wait(connection, who.participant_id), now)
        return self._unlocked(connection, address, who, "unlocked", held.rest)

    @staticmethod
    def _unlocked(connection: Connection, address: Address, who: Caller, says: str, rest: str) -> IdentityResult:
        question = rest or identities.take_question(connection, address)
        if question and says == "unlocked":
            says = "unlocked_briefly"
        return IdentityResult(Caller(Access.UNLOCKED, who.participant_id), says, question or None, held_secret=True)


def _expects(access: Access, digits: str, text: str) -> bool:
    """Tell whether digits in a short message are a PIN: while one is waited for, or where it is sent once more.

    Somebody unlocked may write a date in six digits with marks; a PIN is six in a row.
    """
    again = access is Access.UNLOCKED and len(digits) == six_digits.DIGITS and digits in text
    return access in _WAITS_FOR_PIN or again


def _wrong(who: Caller, wait: waits.Wait, now: datetime) -> IdentityResult:
    if wait.locked:
        return IdentityResult(who, "pin_locked", held_secret=True)
    if wait.until is None or not wait.holds(now):
        return IdentityResult(who, "pin_wrong", held_secret=True)
    return IdentityResult(who, "pin_wait", held_secret=True, values={"wait": waits.in_words(wait.until - now)})
