"""`participant`: what can be done about one participant, and the list of them."""

from typing import Annotated

import typer

from bot.cli.console import run

participant = typer.Typer(
    help="List, show, export, unlink, reset the PIN of or remove participants.",
    no_args_is_help=True,
)
Reference = Annotated[str, typer.Argument(help="The participant's reference.")]


@participant.command("list")
def list_all() -> None:
    """List references, names and groups."""
    from bot.cli.participants import list_all as work

    run(work)


@participant.command()
def show(reference: Reference) -> None:
    """Show what the record holds of one."""
    from bot.cli.participants import show as work

    run(lambda settings: work(settings, reference))


@participant.command()
def export(reference: Reference) -> None:
    """Write everything that is held about one to standard output, as JSON."""
    from bot.cli.participants import export as work

    run(lambda settings: work(settings, reference))


@participant.command()
def unlink(reference: Reference) -> None:
    """Forget every telephone and chat of one."""
    from bot.cli.participants import unlink as work

    run(lambda settings: work(settings, reference))


@participant.command()
def reset_pin(reference: Reference) -> None:
    """Forget the PIN and the links of one, and make a new link code."""
    from bot.cli.participants import reset_pin as work

    run(lambda settings: work(settings, reference))


@participant.command()
def remove(
    reference: Reference,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Erase one and everything about them."""
    from bot.cli.participants import remove as work

    run(lambda settings: work(settings, reference, sure=yes))
