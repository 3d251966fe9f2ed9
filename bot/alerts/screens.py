"""Screens of offices: which machine is which, so that an alert from one says where to go.

An administrator names a screen and gets a code; whoever stands at the machine enters it there once, and the machine's
browser holds a token from then on. Only that tells where a message was typed: it opens nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.alerts.tables import office_screen
from bot.text.personal_codes import SHAPE

CODE_LIFE = timedelta(hours=24)


class NameTakenError(Exception):
    """The office has a screen of that name already."""


@dataclass(frozen=True)
class ScreenLocation:
    """A screen of an office."""

    id: int
    office_id: int
    name: str
    set_up_at: datetime | None
    """None: no machine is it yet."""


def listed(connection: Connection, office_id: int) -> list[ScreenLocation]:
    """Return the screens of an office by name."""
    rows = connection.execute(_screens().where(office_screen.c.office_id == office_id).order_by(office_screen.c.name))
    return [ScreenLocation(**row) for row in rows.mappings()]


def known(connection: Connection, token: str) -> ScreenLocation | None:
    """Return which screen the machine that holds ``token`` is."""
    row = (
        connection.execute(_screens().where(office_screen.c.token_hash == token)).mappings().first() if token else None
    )
    return ScreenLocation(**row) if row else None


def add(connection: Connection, office_id: int, name: str) -> int:
    """Add a screen to an office and return its id; raise NameTakenError."""
    if any(one.name.casefold() == name.casefold() for one in listed(connection, office_id)):
        raise NameTakenError
    row = {"office_id": office_id, "name": name}
    return int(connection.execute(insert(office_screen).values(**row)).inserted_primary_key[0])


def issue_code(connection: Connection, screen_id: int, now: datetime) -> str:
    """Return a code that makes a machine this screen, as it is read out; one given out before stops working."""
    code = "".join(secrets.choice(characters) for characters in SHAPE)
    values = {"code": code, "code_hash": code, "code_expires_at": now + CODE_LIFE}
    connection.execute(update(office_screen).where(office_screen.c.id == screen_id).values(**values))
    return f"{code[:4]}-{code[4:]}"


def set_up(connection: Connection, code: str, token: str, now: datetime) -> ScreenLocation | None:
    """Make the machine that holds ``token`` the screen of ``code``, instead of any before; None for a wrong code."""
    wanted = (office_screen.c.code_hash == code) & (office_screen.c.code_expires_at > now)
    row = connection.execute(select(office_screen.c.id).where(wanted).with_for_update()).first()
    if row is None:
        return None
    values = {"token": token, "token_hash": token, "set_up_at": now}
    used = {"code": None, "code_hash": None, "code_expires_at": None}
    connection.execute(update(office_screen).where(office_screen.c.id == row.id).values(**values, **used))
    return known(connection, token)


def remove(connection: Connection, screen_id: int) -> None:
    """Remove a screen: the machine is an unknown one from now on."""
    connection.execute(delete(office_screen).where(office_screen.c.id == screen_id))


def _screens() -> Select:
    return select(office_screen.c.id, office_screen.c.office_id, office_screen.c.name, office_screen.c.set_up_at)
