"""Runs the project's actions in this process, where Rasa would call an action server over HTTP."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.faults import ErrorCollector


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that hands the call to rasa-sdk's executor: no server, no port.

    Rasa logs what an action raises and goes on; ``faults`` keeps it for the caller.
    """

    def __init__(self, actions: Iterable[Action], faults: ErrorCollector) -> None:
        """Register ``actions``, already built."""
        # Rasa reads selective_domain: without it, it serialises the whole domain at each call.
        super().__init__(url="in-process", selective_domain=True)
        self._faults = faults
        self._executor = ActionExecutor()
        self._units: dict[str, UnitOfWork] = {}
        for action in actions:
            self._executor.register_action(action)

    @contextmanager
    def working_on(self, conversation: str, unit: UnitOfWork | None) -> Iterator[None]:
        """Have the actions read and write in ``unit`` while a message of ``conversation`` is answered."""
        if unit is not None:
            self._units[conversation] = unit
        try:
            yield
        finally:
            self._units.pop(conversation, None)

    def unit(self, conversation: str) -> UnitOfWork | None:
        """Return the unit of work of the message of ``conversation`` that is being answered."""
        return self._units.get(conversation)

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Run the action that ``json`` names; return its events and responses as the protocol has them."""
        with self._faults.recorded():
            return await self._executor.run(kwargs["json"])


class InProcessAction(RemoteAction):  # type: ignore[misc]
    """An action whose answer comes from :class:`InProcessActions`, so from rasa-sdk itself."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        # Stock Rasa checks the answer against a JSON schema, and the schema against its own, at every call:
        # 40 ms of a message. The executor has just built the answer from that protocol's own classes.
        return True
