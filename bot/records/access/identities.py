"""Who is asking: link codes, linked channels and PINs. Every function works in the caller's transaction."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from bot.messages import Address, AddressKind
from bot.records import audit
from bot.records.access import guesses, waits
from bot.records.access.caller import UNKNOWN, Caller
from bot.records.access.hashes import OfferedPin, matches
from bot.records.access.tables import channel_identity, former_identity, link_code, opt_out, pin
from bot.records.access.waits import Wait
from bot.records.enums import Access
from bot.records.participants import repository
from bot.text.personal_codes import SHAPE

CODE_LIFE = timedelta(hours=24)
OPT_OUT_KINDS = (AddressKind.SMS, AddressKind.TELEGRAM)
"""Channels on which somebody can be written to."""

# Put together once: that takes longer than the database takes to answer.
_own = channel_identity.c
_CALLER = (
    select(_own.participant_id, _own.unlocked_until, _own.linked_at, pin.c.hash)
    .outerjoin(pin, pin.c.participant_id == _own.participant_id)
    .where(_own.address_hash == bindparam("address"))
)
_OPTED_OUT = select(opt_out.c.id).where(opt_out.c.address_hash == bindparam("address"))


def find_caller(connection: Connection, address: Address, now: datetime) -> Caller:
    """Return who speaks at ``address`` (a channel and a number or name on it)."""
    row = connection.execute(_CALLER, {"address": address}).first()
    if row is None:
        return UNKNOWN
    if row.hash is None:
        return Caller(Access.NO_PIN, row.participant_id, row.linked_at)
    unlocked = row.unlocked_until is not None and now < row.unlocked_until
    return Caller(Access.UNLOCKED if unlocked else Access.LOCKED, row.participant_id, row.linked_at)


def issue_code(connection: Connection, participant_id: int, actor: str, now: datetime) -> str:
    """Return a new link code for a person, written as it is read out; codes given out before stop working."""
    code = "".join(secrets.choice(characters) for characters in SHAPE)
    connection.execute(delete(link_code).where(link_code.c.participant_id == participant_id))
    row = {"participant_id": participant_id, "code_hash": code, "expires_at": now + CODE_LIFE}
    connection.execute(insert(link_code).values(**row))
    audit.note(connection, now, actor, "link code issued", participant_id)
    return f"{code[:4]}-{code[4:]}"


def link(connection: Connection, address: Address, code: str, now: datetime) -> Caller | None:
    """Link ``address`` by a code in capitals without a hyphen; None where no such code is valid. It works once."""
    row = connection.execute(select(link_code).where(link_code.c.code_hash == code)).first()
    if row is None or row.expires_at <= now:
        return None
    connection.execute(delete(link_code).where(link_code.c.id == row.id))
    _end_links(connection, channel_identity.c.address_hash == address, now)
    new = {
        "participant_id": row.participant_id,
        "address_hash": address,
        "address": str(address),
        "linked_at": now,
    }
    connection.execute(insert(channel_identity).values(**new))
    audit.note(connection, now, "participant", "channel linked", row.participant_id, address.kind)
    return find_caller(connection, address, now)


def choose_pin(
    connection: Connection, address: Address, digits: str | OfferedPin, now: datetime, unlock: timedelta
) -> None:
    """Keep the first PIN of the person at ``address``, and unlock the conversation."""
    who = find_caller(connection, address, now)
    if who.access is not Access.NO_PIN or who.participant_id is None:
        raise ValueError("a PIN is chosen once, by somebody who is linked")
    connection.execute(delete(pin).where(pin.c.participant_id == who.participant_id))
    connection.execute(insert(pin).values(participant_id=who.participant_id, hash=_offered(digits).hashed()))
    _unlock(connection, address, now + unlock)
    audit.note(connection, now, "participant", "PIN chosen", who.participant_id)


def enter_pin(
    connection: Connection, address: Address, digits: str | OfferedPin, now: datetime, unlock: timedelta
) -> bool:
    """Unlock the conversation if the PIN is right and may be tried now; count a wrong one.

    Whether a PIN that came too soon was right is not told: whoever guesses would learn from it.
    """
    who, offered = find_caller(connection, address, now), _offered(digits)
    if who.participant_id is None:
        return False
    query = select(pin).where(pin.c.participant_id == who.participant_id).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.hash is None or Wait(row.wait_until, row.locked).holds(now):
        offered.matches(None)  # takes as long as a wrong one: time tells nothing either
        return False
    own = update(pin).where(pin.c.participant_id == who.participant_id)
    if offered.matches(row.hash):
        connection.execute(own.values(wrong=0, wait_until=None))
        _unlock(connection, address, now + unlock)
        return True
    wrong, following = row.wrong + 1, waits.after(row.wrong + 1, now)
    connection.execute(own.values(wrong=wrong, wait_until=following.until, locked=following.locked))
    audit.note(connection, now, "participant", "PIN locked" if following.locked else "PIN wrong", who.participant_id)
    return False


def pin_to_compare(connection: Connection, address: Address, now: datetime) -> str | None:
    """Return the hash that a PIN from ``address`` would be compared with now; None where none is looked at."""
    own = select(pin.c.hash, pin.c.wait_until, pin.c.locked, channel_identity.c.unlocked_until)
    query = own.join(channel_identity, channel_identity.c.participant_id == pin.c.participant_id)
    row = connection.execute(query.where(channel_identity.c.address_hash == address)).first()
    if row is None or Wait(row.wait_until, row.locked).holds(now):
        return None
    unlocked = row.unlocked_until is not None and now < row.unlocked_until
    return None if unlocked else str(row.hash) if row.hash else None


def _offered(digits: str | OfferedPin) -> OfferedPin:
    return digits if isinstance(digits, OfferedPin) else OfferedPin(digits)


def wait(connection: Connection, participant_id: int) -> Wait:
    """Return how long no PIN of a person is looked at."""
    query = select(pin.c.wait_until, pin.c.locked).where(pin.c.participant_id == participant_id)
    row = connection.execute(query).first()
    return Wait(row.wait_until, row.locked) if row else Wait()


def sign_in(
    connection: Connection, address: Address, reference: str, digits: str, now: datetime, unlock: timedelta
) -> bool:
    """Link ``address`` to the person with ``reference`` and unlock it, if the PIN is right and may be tried now.

    For a screen that many people use: whoever opens it so unlinks it at the end of the visit. That there is no such
    person is not told: it takes as long, and the same wait follows.
    """
    person = _with_pin(connection, reference)
    if person is None:
        matches(None, digits)
        guesses.count(connection, reference, now)
        return False
    _end_links(connection, channel_identity.c.address_hash == address, now)
    new = {"participant_id": person, "address_hash": address, "address": str(address), "linked_at": now}
    connection.execute(insert(channel_identity).values(**new))
    if enter_pin(connection, address, digits, now, unlock):
        audit.note(connection, now, "participant", "signed in", person, address.kind)
        return True
    connection.execute(delete(channel_identity).where(channel_identity.c.address_hash == address))
    return False


def sign_in_wait(connection: Connection, reference: str) -> Wait:
    """Return how long nobody can sign in with ``reference``, be it anybody's or not."""
    person = _with_pin(connection, reference)
    return guesses.wait(connection, reference) if person is None else wait(connection, person)


def _with_pin(connection: Connection, reference: str) -> int | None:
    person = repository.participant_id(connection, reference)
    chosen = select(pin.c.hash).where(pin.c.participant_id == person)
    return person if person is not None and connection.execute(chosen).scalar() is not None else None


def unlock_until(connection: Connection, address: Address, until: datetime) -> None:
    """Have the open record at ``address`` shut itself at ``until``."""
    own = update(channel_identity).where(channel_identity.c.address_hash == address)
    connection.execute(own.where(channel_identity.c.unlocked_until.is_not(None)).values(unlocked_until=until))


def writable(connection: Connection, participant_id: int) -> list[Address]:
    """Return the telephones and chats of a person that want to be written to."""
    found = addresses(connection, participant_id)
    return [a for a in found if a.kind in OPT_OUT_KINDS and not opted_out(connection, a)]


def lock(connection: Connection, address: Address) -> None:
    """Lock the conversation at once; the link stays."""
    connection.execute(
        update(channel_identity).where(channel_identity.c.address_hash == address).values(unlocked_until=None)
    )


def unlink(connection: Connection, address: Address, now: datetime) -> bool:
    """Forget whose ``address`` is; tell whether it was linked."""
    who = find_caller(connection, address, now)
    if who.participant_id is None:
        return False
    _end_links(connection, channel_identity.c.address_hash == address, now)
    audit.note(connection, now, "participant", "channel unlinked", who.participant_id, address.kind)
    return True


def unlink_all(connection: Connection, participant_id: int, actor: str, now: datetime) -> int:
    """Forget every channel and open link code of a person; return how many channels it was."""
    connection.execute(delete(link_code).where(link_code.c.participant_id == participant_id))
    count = _end_links(connection, channel_identity.c.participant_id == participant_id, now)
    audit.note(connection, now, actor, "channels unlinked", participant_id, str(count))
    return count


def reset_pin(connection: Connection, participant_id: int, actor: str, now: datetime) -> str:
    """Forget a person's PIN, whatever locked it, and every link; return a new link code.

    The links go too: whoever holds a telephone that was linked once must not be the one who chooses the new PIN.
    """
    connection.execute(delete(pin).where(pin.c.participant_id == participant_id))
    unlink_all(connection, participant_id, actor, now)
    audit.note(connection, now, actor, "PIN reset", participant_id)
    return issue_code(connection, participant_id, actor, now)


def links(connection: Connection, participant_id: int, now: datetime) -> list[tuple[str, datetime]]:
    """Return the channel (not the number) and the time of each link of a person that is still of use.

    A visit at a screen that was left without signing out is over once it has shut itself.
    """
    query = select(channel_identity).where(channel_identity.c.participant_id == participant_id)
    rows = connection.execute(query.order_by(channel_identity.c.linked_at))
    return [(Address.parse(row.address).kind.value, row.linked_at) for row in rows if not _is_over(row, now)]


def end_visits(connection: Connection, now: datetime) -> int:
    """Unlink the visits at screens that have shut themselves; return how many."""
    never_opened = channel_identity.c.unlocked_until.is_(None) & (channel_identity.c.linked_at < now - CODE_LIFE)
    shut = (channel_identity.c.unlocked_until < now) | never_opened
    rows = connection.execute(select(channel_identity).where(shut)).all()
    over = [row.id for row in rows if _is_over(row, now)]
    for id_ in over:
        _end_links(connection, channel_identity.c.id == id_, now)
    return len(over)


def addresses(connection: Connection, participant_id: int) -> list[Address]:
    """Return the addresses linked to a person, in full: for erasing what is kept under them."""
    query = select(channel_identity.c.address).where(channel_identity.c.participant_id == participant_id)
    return [Address.parse(address) for address in connection.execute(query).scalars()]


def keep_question(connection: Connection, address: Address, text: str | None) -> None:
    """Keep what was asked while locked, to be answered after the PIN; None forgets it."""
    own = update(channel_identity).where(channel_identity.c.address_hash == address)
    connection.execute(own.values(waiting_question=text))


def take_question(connection: Connection, address: Address) -> str | None:
    """Return what :func:`keep_question` kept, and forget it."""
    query = select(channel_identity.c.waiting_question).where(channel_identity.c.address_hash == address)
    text: str | None = connection.execute(query).scalar()
    if text is not None:
        keep_question(connection, address, None)
    return text


def opted_out(connection: Connection, address: Address) -> bool:
    """Tell whether ``address`` asked not to be written to."""
    return connection.execute(_OPTED_OUT, {"address": address}).first() is not None


def stop(connection: Connection, address: Address, now: datetime) -> None:
    """Write nothing more to ``address``."""
    if not opted_out(connection, address):
        connection.execute(insert(opt_out).values(address_hash=address, address=str(address), since=now))
        audit.note(connection, now, "participant", "opted out", find_caller(connection, address, now).participant_id)


def start(connection: Connection, address: Address, now: datetime) -> bool:
    """Write to ``address`` again; tell whether that had been stopped."""
    gone = connection.execute(delete(opt_out).where(opt_out.c.address_hash == address)).rowcount
    if gone:
        audit.note(connection, now, "participant", "opted in", find_caller(connection, address, now).participant_id)
    return bool(gone)


def _end_links(connection: Connection, which: "ColumnElement[Any]", now: datetime) -> int:
    """Forget whose addresses these are, and keep where they were for as long as something is kept under them."""
    rows = connection.execute(select(channel_identity).where(which)).all()
    for row in rows:
        former = {"participant_id": row.participant_id, "linked_at": row.linked_at, "unlinked_at": now}
        connection.execute(insert(former_identity).values(address=row.address, address_hash=row.address, **former))
    connection.execute(delete(channel_identity).where(which))
    return len(rows)


def _is_over(link: Row, now: datetime) -> bool:
    ends: datetime = link.unlocked_until or link.linked_at + CODE_LIFE
    return Address.parse(link.address).kind is AddressKind.KIOSK and ends < now


def _unlock(connection: Connection, address: Address, until: datetime) -> None:
    own = update(channel_identity).where(channel_identity.c.address_hash == address)
    connection.execute(own.values(unlocked_until=until))
