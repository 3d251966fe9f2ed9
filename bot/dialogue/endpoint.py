"""Runs the project's actions in this process, where Rasa would call an action server over HTTP."""

from collections.abc import Iterable
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.dialogue.faults import Faults


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that hands the call to rasa-sdk's executor: no server, no port, no copy of the tracker."""

    def __init__(self, actions: Iterable[Action], faults: Faults) -> None:
        # Rasa reads these: without selective_domain it serialises the whole domain at each call.
        super().__init__(url="in-process", selective_domain=True)
        self._faults = faults
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Run the action that ``json`` names; return its events and responses as the protocol has them."""
        with self._faults.recorded():
            return await self._executor.run(kwargs["json"])
