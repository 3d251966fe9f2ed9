"""Members of staff: adding them, finding them, changing what they sign in with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.errors import ConfigurationError
from bot.records import audit, offices
from bot.records.access import hashes
from bot.records.enums import Role
from bot.records.sessions.tables import office
from bot.records.staff import passwords
from bot.records.staff.tables import staff, staff_session, staff_try

_STEP = 30
"""Seconds that a code of an authenticator app is for."""


class MemberError(ConfigurationError):
    """A member of staff cannot be added or changed so; the message says what was expected."""


@dataclass(frozen=True)
class Member:
    """A member of staff."""

    id: int
    name: str
    role: Role
    office_id: int
    office: str

    @property
    def actor(self) -> str:
        """How the audit trail names the member."""
        return f"staff:{self.id}"

    def may(self, role: Role) -> bool:
        """Tell whether the member can do what ``role`` can."""
        return self.role.rank >= role.rank


def add(
    connection: Connection, name: str, email: str, role: Role, password: str, place: str, actor: str, now: datetime
) -> int:
    """Add a member to the office called ``place`` and return the id."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise MemberError("that is no email address: expected one like sam@example.org")
    if find(connection, email) is not None:
        raise MemberError("somebody has that email address already")
    row = {
        "office_id": offices.ensure(connection, place),
        "role": role.value,
        "name": name,
        # As it is looked up, so that another key finds it too: `rotate-key` hashes what stands here.
        "email_hash": plain(email),
        "email": plain(email),
        "password": hashed(password, (name, email, place)),
    }
    id_ = int(connection.execute(insert(staff).values(**row)).inserted_primary_key[0])
    audit.note(connection, now, actor, "staff added", detail=f"staff:{id_} {role.value}")
    return id_


def find(connection: Connection, email: str) -> int | None:
    """Return the id of the member with this email address, or None."""
    found: int | None = connection.execute(select(staff.c.id).where(staff.c.email_hash == plain(email))).scalar()
    return found


def member(connection: Connection, id_: int) -> Member | None:
    """Return a member; None where there is none (any more)."""
    query = select(staff, office.c.name.label("place")).join(office, office.c.id == staff.c.office_id)
    row = connection.execute(query.where(staff.c.id == id_)).first()
    return Member(row.id, row.name, Role(row.role), row.office_id, row.place) if row else None


def members(connection: Connection) -> list[Member]:
    """Return everybody."""
    query = select(staff, office.c.name.label("place")).join(office, office.c.id == staff.c.office_id)
    rows = connection.execute(query.order_by(staff.c.id))
    return [Member(row.id, row.name, Role(row.role), row.office_id, row.place) for row in rows]


def emails(connection: Connection) -> dict[int, str]:
    """Return the email address of everybody, by id."""
    return {row.id: row.email for row in connection.execute(select(staff.c.id, staff.c.email))}


def remove(connection: Connection, id_: int, actor: str, now: datetime) -> None:
    """Remove a member; whatever session is open ends."""
    connection.execute(delete(staff).where(staff.c.id == id_))
    audit.note(connection, now, actor, "staff removed", detail=f"staff:{id_}")


def set_password(connection: Connection, id_: int, password: str, actor: str, now: datetime) -> None:
    """Give a member another password, and undo what locked the old one; whatever session is open ends."""
    values = {"password": hashed(password, known_of(connection, id_)), "failed": 0, "locked_until": None}
    connection.execute(update(staff).where(staff.c.id == id_).values(**values))
    connection.execute(delete(staff_try).where(staff_try.c.staff_id == id_))
    connection.execute(delete(staff_session).where(staff_session.c.staff_id == id_))
    audit.note(connection, now, actor, "staff password set", detail=f"staff:{id_}")


def unlock(connection: Connection, id_: int, actor: str, now: datetime) -> None:
    """Forget a member's wrong tries, from whichever address."""
    connection.execute(delete(staff_try).where(staff_try.c.staff_id == id_))
    connection.execute(update(staff).where(staff.c.id == id_).values(failed=0, locked_until=None))
    audit.note(connection, now, actor, "staff unlocked", detail=f"staff:{id_}")


def start_totp(connection: Connection, id_: int, email: str, actor: str, now: datetime) -> str:
    """Have a member show a code from an authenticator app from now on; return the address that the app reads."""
    secret = new_totp()
    connection.execute(update(staff).where(staff.c.id == id_).values(totp=secret, totp_step=None))
    audit.note(connection, now, actor, "staff TOTP set", detail=f"staff:{id_}")
    return _address(secret, email)


def has_totp(connection: Connection, id_: int) -> bool:
    """Tell whether a member is asked for a code."""
    return connection.execute(select(staff.c.totp).where(staff.c.id == id_)).scalar() is not None


def new_totp() -> str:
    """Return a secret for an authenticator app, 32 characters of base32; nobody uses it yet."""
    return pyotp.random_base32()


def totp_address(connection: Connection, id_: int, secret: str) -> str:
    """Return the address that an app reads ``secret`` from, with a member's name on it."""
    return _address(secret, connection.execute(select(staff.c.email).where(staff.c.id == id_)).scalar_one())


def use_totp(connection: Connection, id_: int, secret: str, code: str, actor: str, now: datetime) -> bool:
    """Have a member show codes made from ``secret`` from now on, if ``code`` is one; tell whether it is."""
    step = totp_step(secret, code, now)
    if step is None:
        return False
    connection.execute(update(staff).where(staff.c.id == id_).values(totp=secret, totp_step=step))
    audit.note(connection, now, actor, "staff TOTP set", detail=f"staff:{id_}")
    return True


def totp_step(secret: str, code: str, now: datetime, after: int | None = None) -> int | None:
    """Return for which step of 30 s ``code`` is; None where it is wrong, or for none ``after`` the last that was used.

    A clock may be half a minute off.
    """
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    digits = "".join(code.split())
    for step in (current - 1, current, current + 1):
        if (after is None or step > after) and totp.verify(digits, for_time=step * _STEP):
            return step
    return None


def known_of(connection: Connection, id_: int) -> tuple[str, str, str]:
    """Return what others know of a member, which a password may not be made of: name, email address and office."""
    query = select(staff.c.name, staff.c.email, office.c.name.label("place"))
    row = connection.execute(query.join(office, office.c.id == staff.c.office_id).where(staff.c.id == id_)).one()
    return row.name, row.email, row.place


def hashed(password: str, about: Iterable[str]) -> str:
    """Return a password's hash; raise MemberError on one that can be guessed by who knows ``about`` its owner."""
    if len(password) < passwords.SHORTEST:
        raise MemberError(f"the password has {len(password)} characters: expected {passwords.SHORTEST} or more")
    if (why := passwords.weakness(password, about)) is not None:
        raise MemberError(f"that password is not good enough: {why}")
    return hashes.hashed(password)


def _address(secret: str, email: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Leafline")


def plain(email: str) -> str:
    """Return an address as it is looked up: in small letters, as people mean it."""
    return email.strip().casefold()
