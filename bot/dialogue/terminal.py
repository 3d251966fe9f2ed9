"""Who speaks in `rasa shell`: nobody, or the participant that a setting names.

In the service, a message's metadata says who writes it, and only the service writes that. Rasa's own channels take it
from the request, so whatever they bring is dropped here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import ReplyFormat
from bot.records.enums import Access

TERMINAL = "cmdline"
"""The input channel of `rasa shell`."""
PARTICIPANT = "LEAFLINE_SHELL_PARTICIPANT"
"""The setting: a reference of the record, for demonstrations and tests."""


@dataclass(frozen=True)
class Terminal:
    """Knows one participant, and lets them speak in the terminal alone."""

    participant_id: int | None = None

    def authenticated(self, message: Mapping[str, Any], channel: str) -> dict[str, Any]:
        """Return ``message`` with the metadata of whoever speaks on ``channel`` in place of what it came with."""
        speaks = channel == TERMINAL and self.participant_id is not None
        known = {"access": Access.UNLOCKED.value, "participant": self.participant_id}
        return {**message, "metadata": known if speaks else {}}


def for_policy(message: Mapping[str, Any], channel: str) -> dict[str, Any]:
    """Return ``message`` as the policy reads it: it plans for a known person, and never shows a record."""
    if channel in list(ReplyFormat):
        return dict(message)
    return Terminal(0 if os.environ.get(PARTICIPANT) else None).authenticated(message, channel)
