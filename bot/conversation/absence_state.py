"""Where an exchange about absences stands between two messages: its stages, and what is kept with each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

_LASTS = 3
"""After so many other messages, what was noted or dropped is no longer context for the next one."""


class Stage(StrEnum):
    """What the exchange waits for."""

    WHICH = "which"
    """Which of the sessions offered is meant."""
    CONFIRM = "confirm"
    """Yes or no: is it to be noted for staff?"""
    NOTED = "noted"
    """Nothing; a reason or a change may still follow."""
    WITHDRAW = "withdraw"
    """Yes or no: are staff to be told that the person comes after all?"""
    WITHDRAWN = "withdrawn"
    """Nothing; staff were told so."""
    DROPPED = "dropped"
    """Nothing; the person said no."""


ASKING = frozenset({Stage.CONFIRM, Stage.WITHDRAW})
"""The stages that wait for yes or no."""
WAITING = ASKING | {Stage.WHICH}
"""The stages that wait for an answer at all: they are brought back once, and then forgotten."""


@dataclass(frozen=True)
class AbsenceState:
    """The exchange between two messages."""

    stage: Stage
    sessions: tuple[int, ...] = ()
    """The sessions read back, noted or offered, by id."""
    days: tuple[str, ...] = ()
    """Their days, as ISO dates."""
    words: str = ""
    """What the person wrote first."""
    reason: str = ""
    replaces: tuple[int, ...] = ()
    """The sessions whose reports are taken back when this one is noted."""
    reminded: bool = False
    age: int = 0
    """How many other messages came since."""

    @property
    def asks(self) -> bool:
        """Whether it waits for yes or no."""
        return self.stage in ASKING

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.stage in WAITING

    @property
    def is_old(self) -> bool:
        """Whether it is to be forgotten."""
        return self.age >= _LASTS

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {**asdict(self), "stage": self.stage.value}

    @classmethod
    def of(cls, kept: Any) -> "AbsenceState | None":
        """Read what :meth:`to_json` gave; None for anything else, such as what an earlier release kept."""
        if not isinstance(kept, Mapping):
            return None
        given: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in kept.items()}
        try:
            given["stage"] = Stage(given["stage"])
            return cls(**given)
        except (KeyError, TypeError, ValueError):
            return None
