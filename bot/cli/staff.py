"""The commands for members of staff: the first administrator comes from here."""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from bot import bootstrap
from bot.cli.record import CommandError, operator
from bot.records import offices
from bot.records.enums import Role
from bot.records.staff import members
from bot.settings import Settings


async def staff(settings: Settings, options: argparse.Namespace) -> int:
    """Add, list, unlock or remove members of staff, or change what they sign in with."""
    record = bootstrap.database(settings)
    password = _password(from_input=options.password_stdin) if options.action in ("add", "password") else ""
    with record.writing() as connection:
        if options.action == "list":
            emails = members.emails(connection)
            for one in members.members(connection):
                print(f"{one.id}\t{one.name}\t{emails[one.id]}\t{one.role.value}\t{one.office}")  # noqa: T201
        elif options.action == "add":
            _add(connection, options, password)
        else:
            _change(connection, options, password)
    return 0


def _add(connection: Connection, options: argparse.Namespace, password: str) -> None:
    now, place = datetime.now(UTC), options.office or offices.DEFAULT
    id_ = members.add(connection, options.name, options.email, Role(options.role), password, place, operator(), now)
    if options.totp:
        print(members.start_totp(connection, id_, options.email, operator(), now))  # noqa: T201
    _tell(f"{options.name} can sign in as {options.role} of {place}.")


def _change(connection: Connection, options: argparse.Namespace, password: str) -> None:
    id_, now = members.find(connection, options.email), datetime.now(UTC)
    if id_ is None:
        raise CommandError("nobody has that email address: `python -m bot staff list` shows who there is")
    if options.action == "password":
        members.set_password(connection, id_, password, operator(), now)
    elif options.action == "unlock":
        members.unlock(connection, id_, operator(), now)
    elif options.action == "remove":
        members.remove(connection, id_, operator(), now)
    else:
        print(members.start_totp(connection, id_, options.email, operator(), now))  # noqa: T201
    _tell("Done.")


def _password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    given = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != given:
        raise CommandError("the two passwords differ: nothing was changed")
    return given


def _tell(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201
