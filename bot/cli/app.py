"""Every command with its options. What a command does is in a module of its own, loaded only when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import run
from bot.cli.participant_commands import participant
from bot.cli.question_commands import questions
from bot.cli.staff_commands import staff
from bot.cli.topic_commands import topic
from bot.messages import ReplyFormat
from bot.records.enums import ScheduleOption

app = typer.Typer(
    help="Answers questions from the programme's leaflet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with values in it would show what people write
)
TALK, TOPICS, RECORD, KEYS = "Talk to the bot", "Topics", "The record", "Keys"
app.add_typer(topic, name="topic", rich_help_panel=TOPICS)
app.add_typer(participant, name="participant", rich_help_panel=RECORD)
app.add_typer(staff, name="staff", rich_help_panel=RECORD)
app.add_typer(questions, name="questions", rich_help_panel=RECORD)

Channel = Annotated[ReplyFormat, typer.Option(help="Whose form the replies take.")]


@app.command(rich_help_panel=TALK)
def ask(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Each line is an object: {text: ..., conversation: ...}.")
    ] = False,
    speaker: Annotated[
        str | None, typer.Option("--as", metavar="REFERENCE", help="Speak as this participant; it is audited.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="The local time that it is, like 2026-11-23T09:00.")
    ] = None,
    channel: Channel = ReplyFormat.SCREEN,
) -> None:
    """Answer questions from standard input, one a line, as JSON objects."""
    from bot.cli.ask import ask as work

    run(lambda settings: work(settings, as_json=jsonl, speaker=speaker, now=now, channel=channel))


@app.command(rich_help_panel=TALK)
def chat(channel: Channel = ReplyFormat.SCREEN) -> None:
    """Talk in the terminal."""
    from bot.cli.chat import chat as work

    run(lambda settings: work(settings, channel))


@app.command(rich_help_panel=TALK)
def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty record with invented people first.")] = False,
) -> None:
    """Serve the chat page, the gateways and the pages of staff."""
    from bot.cli.serve import serve as work

    run(lambda settings: work(settings, with_people=demo))


@app.command(rich_help_panel=TALK)
def train() -> None:
    """Train the model if it is missing or stale, and say where it is."""
    from bot.cli.train import train as work

    run(work)


@app.command("import", rich_help_panel=RECORD)
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder of CSV files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")] = False,
) -> None:
    """Read a folder of CSV files into the record."""
    from bot.cli.import_folder import import_folder as work

    run(lambda settings: work(settings, folder, dry_run=dry_run))


@app.command(rich_help_panel=RECORD)
def schedule(
    group: Annotated[str, typer.Argument(help="The name of the group.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="The first day, like 2026-11-30.")],
    weekdays: Annotated[str, typer.Option(help="Like tue or mon,thu.")],
    option: Annotated[ScheduleOption, typer.Option(help="When in the day sessions are.")],
    time: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="When a session begins.", show_default="the option's earliest")
    ] = None,
    block_sessions: Annotated[int, typer.Option(metavar="N", help="Sessions in a block.")] = 7,
) -> None:
    """Plan a group's sessions, as sessions.csv on standard output."""
    from bot.cli.schedule import PlanRequest
    from bot.cli.schedule import schedule as work

    run(lambda settings: work(settings, PlanRequest(group, start, weekdays, option, time, block_sessions)))


@app.command(rich_help_panel=RECORD)
def demo() -> None:
    """Fill an empty record with invented people."""
    from bot.cli.demonstration import demo as work

    run(work)


@app.command(rich_help_panel=RECORD)
def link_code(reference: Annotated[str, typer.Argument(help="The participant's reference.")]) -> None:
    """Make a one-time code that links a participant's telephone or chat."""
    from bot.cli.participants import link_code as work

    run(lambda settings: work(settings, reference))


@app.command(rich_help_panel=KEYS)
def rotate_key() -> None:
    """Write the record anew with a new key, while the service is stopped."""
    from bot.cli.keys import rotate_key as work

    run(work)


@app.command(rich_help_panel=KEYS)
def new_key() -> None:
    """Print a new key for LEAFLINE_DATABASE_KEY."""
    from bot.cli.keys import new_key as work

    run(work)
