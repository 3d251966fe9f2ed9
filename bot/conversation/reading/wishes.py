"""What somebody may say about being written to."""

from enum import StrEnum


class Wish(StrEnum):
    """What somebody says about being written to."""

    NONE = "none"
    STOP = "stop"
    CANCEL = "cancel"
    """Stops what was begun; where nothing was, messages."""
    CONFIRM = "confirm"
    """Perhaps a wish to stop: to be asked about."""
    START = "start"
    START_SAID = "start_said"
    """Starts, for somebody who had stopped; for anybody else the words may be about something else."""
    GO_ON = "go_on"
    """Wishes to go on or to have messages again: nothing in it ever stops."""
    WRONG_NUMBER = "wrong_number"
    WHO = "who"
