"""Places between receiving and sending at which a test lets the process die."""

import os
import signal

VARIABLE = "LEAFLINE_DIE_AT"


def failpoint(name: str) -> None:
    """Die here, as if the power had gone, where the environment says so; otherwise nothing."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
