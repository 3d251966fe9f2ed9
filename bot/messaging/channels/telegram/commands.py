"""Telegram's commands: read from data/dialogue/telegram.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import ROOT

FILE = ROOT / "data" / "dialogue" / "telegram.yml"


@dataclass(frozen=True)
class Commands:
    """The commands, by their names without a slash."""

    says: Mapping[str, str]
    """The text that each stands for."""
    menu: Mapping[str, str]
    """How the menu shows it."""


def load(file: Path = FILE) -> Commands:
    """Read ``file``."""
    given = yaml.safe_load(file.read_text("utf-8"))["commands"]
    return Commands(
        {name: str(one["says"]) for name, one in given.items()}, {name: str(one["menu"]) for name, one in given.items()}
    )
