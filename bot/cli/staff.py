"""What is done about members of staff: the first administrator comes from here."""

import getpass
import sys
from datetime import UTC, datetime

import segno
from sqlalchemy.engine import Connection

from bot import bootstrap
from bot.cli.console import CommandError, operator, put, put_rows, tell
from bot.records import offices
from bot.records.enums import Role
from bot.records.staff import members
from bot.settings import Settings


def add(settings: Settings, member: tuple[str, str, Role, str | None], *, from_input: bool, totp: bool) -> None:
    """Add a member, given by name, email, role and office; print what an authenticator app reads with ``totp``."""
    name, email, role, office = member
    place, now, record = office or offices.DEFAULT, datetime.now(UTC), bootstrap.database(settings)
    given = _password(from_input=from_input)
    with record.writing() as connection:
        id_ = members.add(connection, name, email, role, given, place, operator(), now)
        if totp:
            _put_app(members.start_totp(connection, id_, email, operator(), now))
    tell(f"{name} can sign in as {role} of {place}.")


def list_all(settings: Settings) -> None:
    """Print a line for each member."""
    with bootstrap.database(settings).writing() as connection:
        emails, found = members.emails(connection), members.members(connection)
    rows = [(one.id, one.name, emails[one.id], one.role.value, one.office) for one in found]
    put_rows(["Number", "Name", "Email", "Role", "Office"], rows)


def password(settings: Settings, email: str, *, from_input: bool) -> None:
    """Set another password."""
    record, given = bootstrap.database(settings), _password(from_input=from_input)
    with record.writing() as connection:
        members.set_password(connection, _found(connection, email), given, operator(), datetime.now(UTC))
    tell("Done.")


def unlock(settings: Settings, email: str) -> None:
    """Forget a member's wrong tries of signing in."""
    with bootstrap.database(settings).writing() as connection:
        members.unlock(connection, _found(connection, email), operator(), datetime.now(UTC))
    tell("Done.")


def totp(settings: Settings, email: str) -> None:
    """Have a member show a code from now on; print what the authenticator app reads."""
    with bootstrap.database(settings).writing() as connection:
        _put_app(members.start_totp(connection, _found(connection, email), email, operator(), datetime.now(UTC)))
    tell("Done.")


def remove(settings: Settings, email: str) -> None:
    """Remove a member."""
    with bootstrap.database(settings).writing() as connection:
        members.remove(connection, _found(connection, email), operator(), datetime.now(UTC))
    tell("Done.")


def _found(connection: Connection, email: str) -> int:
    found = members.find(connection, email)
    if found is None:
        raise CommandError("nobody has that email address: `python -m bot staff list` shows who there is")
    return found


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    given = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != given:
        raise CommandError("the two passwords differ: nothing was changed")
    return given


def _put_app(address: str) -> None:
    """Print what an authenticator app reads; draw it on a terminal as well, where a telephone can scan it."""
    put(address)
    if sys.stderr.isatty():
        segno.make_qr(address).terminal(sys.stderr, compact=True)
