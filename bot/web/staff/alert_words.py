"""How alerts end and what is done about them, in words: read from data/staff/alerts.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.alerts.alert_workflow import Action
from bot.errors import ConfigurationError
from bot.settings import ROOT

FILE = ROOT / "data" / "staff" / "alerts.yml"


class AlertWordsError(ConfigurationError):
    """The file cannot be used; the message says which entry and what was expected."""


@dataclass(frozen=True)
class AlertOutcome:
    """One way in which an alert ends."""

    words: str
    false_alarm: bool = False
    note: bool = False
    """Whether a note has to say more."""


@dataclass(frozen=True)
class AlertWords:
    """The wording of outcomes and steps."""

    outcomes: Mapping[str, AlertOutcome]
    steps: Mapping[str, str]
    before: str
    note_missing: str
    screen_unknown: str

    def outcome(self, key: str | None) -> str:
        """Return an outcome in words; one that the file no longer has by its own name."""
        if key is None:
            return self.before
        return self.outcomes[key].words if key in self.outcomes else key.replace("_", " ").capitalize()

    def is_false_alarm(self, key: str | None) -> bool:
        """Tell whether an outcome says that there was nothing."""
        return key is not None and key in self.outcomes and self.outcomes[key].false_alarm

    def step(self, action: Action, by: str, to: str, outcome: str | None) -> str:
        """Return what was done in words."""
        return self.steps[action.value].format(by=by, to=to, outcome=self.outcome(outcome))


@cache
def alert_words(file: Path = FILE) -> AlertWords:
    """Read the file; raise AlertWordsError for a step or an outcome that is not as expected."""
    data = yaml.safe_load(file.read_text("utf-8"))
    missing = [action.value for action in Action if action.value not in data["steps"]]
    if missing:
        raise AlertWordsError(f"steps in {file}: expected words for {', '.join(missing)}")
    outcomes = {}
    for key, entry in data["outcomes"].items():
        if not isinstance(entry, dict) or not entry.get("words") or not set(entry) <= {"words", "false_alarm", "note"}:
            raise AlertWordsError(f"outcome {key!r} in {file}: expected words, and perhaps false_alarm and note")
        outcomes[key] = AlertOutcome(**entry)
    return AlertWords(outcomes, data["steps"], data["before"], data["note_missing"], data["screen_unknown"])
