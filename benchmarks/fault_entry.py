"""`python -m bot` whose answer to a text with BLOCKS in it blocks its thread, as a slow native call would."""

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from actions.base import TurnAction
from bot.__main__ import main

BLOCKS = "the blue door"
SECONDS = 40


def _blocking(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def blocked(self: TurnAction, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        if BLOCKS in str(tracker.latest_message.get("text", "")):
            time.sleep(SECONDS)  # this is what is tried
        return await run(self, dispatcher, tracker, domain)

    return blocked


if __name__ == "__main__":
    setattr(TurnAction, "run", _blocking(TurnAction.run))  # noqa: B010  # mypy lets no method be assigned
    sys.exit(main(sys.argv[1:]))
