"""`topic`: begins a topic, and says what topics lack."""

from typing import Annotated

import typer

from bot.cli.console import run

topic = typer.Typer(help="Begin a topic, or say what topics lack and which questions collide.", no_args_is_help=True)


@topic.command()
def new(
    name: Annotated[str, typer.Argument(help="Small letters with _ between words, like car_park.")],
    author: Annotated[str, typer.Option(help="Who writes its questions: a letter or a name.")] = "new",
) -> None:
    """Write the two files of a topic and its line in domain.yml."""
    from bot.cli.topic import new as work

    run(lambda settings: work(settings, name, author))


@topic.command()
def check(
    name: Annotated[
        str | None, typer.Argument(help="One topic, with its nearest neighbours.", show_default="all topics")
    ] = None,
) -> None:
    """Say what is missing or wrong, and which questions collide."""
    from bot.cli.topic import check as work

    run(lambda settings: work(settings, name))
