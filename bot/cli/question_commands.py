"""The commands about questions that staff approved."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import run

questions = typer.Typer(help="Questions that staff approved.", no_args_is_help=True)


@questions.callback()
def main() -> None:
    """Questions that staff approved."""


@questions.command()
def export(folder: Annotated[Path, typer.Argument(help="A folder outside data/.")]) -> None:
    """Write the approved questions to a folder, one file a topic, for review."""
    from bot.cli.questions import export as work

    run(lambda settings: work(settings, folder))
