"""The command line: `python -m bot COMMAND`."""

import argparse
import asyncio
import os
import sys

from bot import logs
from bot.errors import ConfigurationError
from bot.messages import Rendering
from bot.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run the command that ``arguments`` name and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level)
        from bot import commands

        return asyncio.run(commands.COMMANDS[options.command](settings, options))
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
    _channel(ask)
    _channel(commands.add_parser("chat", help="talk in the terminal"))
    commands.add_parser("serve", help="serve the chat page")
    commands.add_parser("train", help="train the model if it is missing or stale")
    return parser


def _channel(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--channel",
        type=Rendering,
        choices=list(Rendering),
        default=Rendering.SCREEN,
        metavar="{screen,telegram,sms}",
        help="whose form the replies take (default: screen)",
    )


if __name__ == "__main__":
    sys.exit(main())
