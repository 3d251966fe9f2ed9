"""Members of staff: adding them, finding them, changing what they sign in with."""

import re
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.errors import ConfigurationError
from bot.records import audit, hashes, offices
from bot.records.outcomes import Role
from bot.records.tables import office, staff, staff_session

SHORTEST_PASSWORD = 12


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
        "password": hashed(password),
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


def remove(connection: Connection, id_: int, actor: str, now: datetime) -> None:
    """Remove a member; whatever session is open ends."""
    connection.execute(delete(staff).where(staff.c.id == id_))
    audit.note(connection, now, actor, "staff removed", detail=f"staff:{id_}")


def set_password(connection: Connection, id_: int, password: str, actor: str, now: datetime) -> None:
    """Give a member another password, and undo what locked the old one; whatever session is open ends."""
    values = {"password": hashed(password), "failed": 0, "locked_until": None}
    connection.execute(update(staff).where(staff.c.id == id_).values(**values))
    connection.execute(delete(staff_session).where(staff_session.c.staff_id == id_))
    audit.note(connection, now, actor, "staff password set", detail=f"staff:{id_}")


def unlock(connection: Connection, id_: int, actor: str, now: datetime) -> None:
    """Forget a member's wrong tries."""
    connection.execute(update(staff).where(staff.c.id == id_).values(failed=0, locked_until=None))
    audit.note(connection, now, actor, "staff unlocked", detail=f"staff:{id_}")


def start_totp(connection: Connection, id_: int, email: str, actor: str, now: datetime) -> str:
    """Have a member show a code from an authenticator app from now on; return the address that the app reads."""
    secret = pyotp.random_base32()
    connection.execute(update(staff).where(staff.c.id == id_).values(totp=secret, totp_step=None))
    audit.note(connection, now, actor, "staff TOTP set", detail=f"staff:{id_}")
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Leafline")


def hashed(password: str) -> str:
    """Return a password's hash; raise MemberError on one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise MemberError(f"the password has {len(password)} characters: expected {SHORTEST_PASSWORD} or more")
    return hashes.hashed(password)


def plain(email: str) -> str:
    """Return an address as it is looked up: in small letters, as people mean it."""
    return email.strip().casefold()
