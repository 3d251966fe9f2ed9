"""What is found of the service by whoever watches it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Health:
    """What was found. Counts only, and nothing of anybody."""

    checks: Mapping[str, bool]
    """By name whether each part works."""
    inbox: Mapping[str, int]
    """How many messages are in which state; empty where that could not be asked."""
    unreadable: int
    """How often something in the database could not be read since the start."""

    @property
    def ready(self) -> bool:
        """Whether all of it works."""
        return all(self.checks.values())
