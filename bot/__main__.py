"""The command line: `python -m bot COMMAND`."""

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command that ``arguments`` name and return the exit status."""
    from bot.cli.app import app

    try:
        app(arguments, prog_name="python -m bot")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
