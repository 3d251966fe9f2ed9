"""`staff`: members of staff, and what they sign in with."""

from typing import Annotated

import typer

from bot.cli.console import run
from bot.records.enums import Role

staff = typer.Typer(
    help="Add, list, unlock or remove members of staff, or set a password.",
    no_args_is_help=True,
)
Email = Annotated[str, typer.Argument(help="The member's email address.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@staff.command()
def add(
    name: Annotated[str, typer.Argument(help="The member's name.")],
    email: Email,
    role: Annotated[Role, typer.Option(help="What the member may do.")],
    office: Annotated[str | None, typer.Option(help="The office's name.", show_default="the main office")] = None,
    password_stdin: FromInput = False,
    totp: Annotated[bool, typer.Option("--totp", help="Ask for a code from an authenticator app as well.")] = False,
) -> None:
    """Add a member; the password is asked for twice."""
    from bot.cli.staff import add as work

    run(lambda settings: work(settings, (name, email, role, office), from_input=password_stdin, totp=totp))


@staff.command("list")
def list_all() -> None:
    """List members."""
    from bot.cli.staff import list_all as work

    run(work)


@staff.command()
def password(email: Email, password_stdin: FromInput = False) -> None:
    """Set another password; sessions that are open end."""
    from bot.cli.staff import password as work

    run(lambda settings: work(settings, email, from_input=password_stdin))


@staff.command()
def unlock(email: Email) -> None:
    """Forget wrong tries of signing in."""
    from bot.cli.staff import unlock as work

    run(lambda settings: work(settings, email))


@staff.command()
def totp(email: Email) -> None:
    """Ask for a code from an authenticator app from now on."""
    from bot.cli.staff import totp as work

    run(lambda settings: work(settings, email))


@staff.command()
def remove(email: Email) -> None:
    """Remove a member; sessions that are open end."""
    from bot.cli.staff import remove as work

    run(lambda settings: work(settings, email))
