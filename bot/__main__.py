"""The command line: `python -m bot COMMAND`."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from bot import logs
from bot.errors import ConfigurationError
from bot.messages import ReplyFormat
from bot.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run the command that ``arguments`` name and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level)
        from bot import cli

        status = asyncio.run(cli.command(options.command)(settings, options))
        sys.stdout.flush()  # here, where a reader that has gone is expected, and not while Python ends
        return status
    except BrokenPipeError:  # whoever read standard output (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except ConfigurationError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Answers questions from the programme's leaflet."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer questions from standard input, one a line, as JSON objects")
    ask.add_argument("--jsonl", action="store_true", help='each line is {"text": ..., "conversation": ...}')
    ask.add_argument("--as", dest="speaker", metavar="REFERENCE", help="speak as this participant (it is audited)")
    ask.add_argument("--now", metavar="TIME", help="local time that it is, like 2026-11-23T09:00")
    _channel(ask)
    _channel(commands.add_parser("chat", help="talk in the terminal"))
    serve = commands.add_parser("serve", help="serve the chat page")
    serve.add_argument("--demo", action="store_true", help="fill an empty record with invented people first")
    commands.add_parser("train", help="train the model if it is missing or stale")
    _topic(commands)
    _record(commands)
    return parser


def _topic(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands for topics."""
    topic = commands.add_parser("topic", help="begin a topic, or say what is missing in topics and what collides")
    actions = topic.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="write the two files of a topic and its line in domain.yml")
    new.add_argument("name", help="small letters with _ between words, like car_park")
    new.add_argument("--author", default="new", help="who writes its questions: a letter or a name (default: new)")
    check = actions.add_parser("check", help="say what is missing or wrong, and which questions collide")
    check.add_argument("name", nargs="?", help="one topic, with its nearest neighbours (default: all topics)")


def _record(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands for the record."""
    load = commands.add_parser("import", help="read a folder of CSV files into the record")
    load.add_argument("folder", type=Path)
    load.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
    plan = commands.add_parser("schedule", help="plan a group's sessions, as sessions.csv on standard output")
    plan.add_argument("group")
    plan.add_argument("--start", required=True, metavar="DATE", help="the first day, like 2026-11-30")
    plan.add_argument("--weekdays", required=True, help="like tue or mon,thu")
    plan.add_argument("--option", required=True, choices=["day", "evening"])
    plan.add_argument("--time", metavar="HH:MM", help="when a session begins (default: the option's earliest)")
    plan.add_argument("--block-sessions", type=int, default=7, metavar="N", help="sessions in a block (default: 7)")
    commands.add_parser("demo", help="fill an empty record with invented people")
    code = commands.add_parser("link-code", help="make a one-time code that links a participant's telephone or chat")
    code.add_argument("reference")
    person = commands.add_parser(
        "participant", help="list, show, export, unlink, reset the PIN of or remove participants"
    )
    actions = person.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="list references, names and groups")
    for name, text in PARTICIPANT.items():
        one = actions.add_parser(name, help=text)
        one.add_argument("reference")
        if name == "remove":
            one.add_argument("--yes", action="store_true", help="do it without asking")
    _staff(commands)
    commands.add_parser("rotate-key", help="write the record anew with a new key, while the service is stopped")
    commands.add_parser("new-key", help="print a new key for LEAFLINE_DATABASE_KEY")


def _staff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands for members of staff."""
    staff = commands.add_parser("staff", help="add, list, unlock or remove members of staff, or set a password")
    actions = staff.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="add a member; the password is asked for twice")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=["facilitator", "manager", "administrator"])
    add.add_argument("--office", help="the office's name (default: the main office)")
    actions.add_parser("list", help="list members")
    password = actions.add_parser("password", help="set another password; sessions that are open end")
    unlock = actions.add_parser("unlock", help="forget wrong tries of signing in")
    totp = actions.add_parser("totp", help="ask for a code from an authenticator app from now on")
    remove = actions.add_parser("remove", help="remove a member; sessions that are open end")
    for one in (add, password, unlock, totp, remove):
        one.add_argument("email")
    for one in (add, password):
        one.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.add_argument("--totp", action="store_true", help="ask for a code from an authenticator app as well")


PARTICIPANT = {
    "show": "show what the record holds of one",
    "export": "write everything that is held about one to standard output, as JSON",
    "unlink": "forget every telephone and chat of one",
    "reset-pin": "forget the PIN and the links of one, and make a new link code",
    "remove": "erase one and everything about them",
}


def _channel(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--channel",
        type=ReplyFormat,
        choices=list(ReplyFormat),
        default=ReplyFormat.SCREEN,
        metavar="{screen,telegram,sms,easy}",
        help="whose form the replies take (default: screen)",
    )


if __name__ == "__main__":
    sys.exit(main())
