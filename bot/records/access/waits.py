"""How long whoever sends a wrong PIN has to wait: nothing after a slip or two, then twice as long each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WRONG_PINS = 10
"""After so many wrong PINs in a row only staff can open the record again."""
_FREE_TRIES, _FIRST_WAIT, _LONGEST_WAIT = 2, timedelta(seconds=15), timedelta(hours=1)


@dataclass(frozen=True)
class Wait:
    """Until when no PIN is looked at."""

    until: datetime | None = None
    locked: bool = False
    """Whether only staff can change that."""

    def holds(self, now: datetime) -> bool:
        """Tell whether a PIN that comes now is not looked at."""
        return self.locked or (self.until is not None and now < self.until)


def after(wrong: int, now: datetime) -> Wait:
    """Return what follows the wrong PIN that is number ``wrong`` in a row."""
    if wrong <= _FREE_TRIES:
        return Wait()
    wait: timedelta = min(_FIRST_WAIT * 2 ** (wrong - _FREE_TRIES - 1), _LONGEST_WAIT)
    return Wait(now + wait, locked=wrong >= WRONG_PINS)


def in_words(left: timedelta) -> str:
    """Return a time to wait as it is told, never too short: "1 minute", "4 minutes", "1 hour"."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    if minutes >= 60 and minutes % 60 == 0:
        return "1 hour" if minutes == 60 else f"{minutes // 60} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
