"""What the command line does: each command takes the settings and its options, and returns the exit status."""

import argparse
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any

from bot.settings import Settings

Command = Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]

_WHERE = {
    "ask": "talking",
    "chat": "talking",
    "serve": "talking",
    "train": "talking",
    "import": "record",
    "schedule": "record",
    "demo": "record",
    "link-code": "record",
    "participant": "record",
    "staff": "staff",
    "topic": "topic",
    "new-key": "record",
    "rotate-key": "record",
}
_NAMES = {"import": "import_folder"}


def command(name: str) -> Command:
    """Return the command called ``name``; only its own module is loaded, for the others take seconds."""
    module = import_module(f"bot.cli.{_WHERE[name]}")
    found: Command = getattr(module, _NAMES.get(name, name.replace("-", "_")))
    return found
