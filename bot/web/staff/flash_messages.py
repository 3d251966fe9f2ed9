"""The messages shown once after a change, read from data/staff/flash.yml.

An address carries only the key of a message, because addresses stay in histories and logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.errors import ConfigurationError
from bot.settings import ROOT

FILE = ROOT / "data" / "staff" / "flash.yml"


class FlashMessagesError(ConfigurationError):
    """The file cannot be used; the message says what was expected."""


@dataclass(frozen=True)
class FlashMessage:
    """A message, and whether it is about something that was done."""

    text: str
    is_success: bool


@dataclass(frozen=True)
class FlashMessages:
    """Every message, by its key."""

    by_key: Mapping[str, FlashMessage]

    def find(self, key: str) -> FlashMessage | None:
        """Return the message with a key; None for a key that an address has and the file has not."""
        return self.by_key.get(key)

    def check(self, key: str) -> None:
        """Raise KeyError where there is no message with this key."""
        self.by_key[key]

    def text(self, key: str) -> str:
        """Return the text of the message with this key; raise KeyError where there is none."""
        return self.by_key[key].text


@cache
def flash_messages(file: Path = FILE) -> FlashMessages:
    """Read the file; raise FlashMessagesError where it has other parts, or a key twice."""
    data = yaml.safe_load(file.read_text("utf-8"))
    if set(data) != {"done", "not_done"}:
        raise FlashMessagesError(f"parts of {file}: expected done and not_done")
    twice = data["done"].keys() & data["not_done"].keys()
    if twice:
        raise FlashMessagesError(f"{', '.join(sorted(twice))} in {file}: expected each key in one part")
    messages = {key: FlashMessage(text, is_success=True) for key, text in data["done"].items()}
    messages |= {key: FlashMessage(text, is_success=False) for key, text in data["not_done"].items()}
    return FlashMessages(messages)
