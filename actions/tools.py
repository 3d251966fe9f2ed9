"""What the actions are built from, and what hands it to them where Rasa builds them itself (`rasa run actions`)."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.personal_answers import PersonalAnswers
from bot.database.engine import Database
from bot.database.unit_of_work import UnitOfWork
from bot.dialogue.in_process_actions import UnitDispatcher
from bot.dialogue.terminal import Terminal
from bot.messages import ReplyFormat
from bot.replies.wording import ResponseCatalog


@dataclass(frozen=True)
class Tools:
    """The words, what fills their placeholders, and what answers from a person's record."""

    catalog: ResponseCatalog
    office: Mapping[str, str]
    personal: PersonalAnswers
    terminal: Terminal | None = None
    """Who speaks where the actions run in a server of their own; None in the service, which says so itself."""
    database: Database | None = None
    """The record, where the actions run in a server of their own; in the service a unit of work is handed over."""

    def authenticated(self, message: Mapping[str, Any], channel: str) -> Mapping[str, Any]:
        """Return ``message`` with metadata that can be trusted."""
        return self.terminal.authenticated(message, channel) if self.terminal else message

    @asynccontextmanager
    async def unit(self, dispatcher: CollectingDispatcher) -> AsyncIterator[UnitOfWork | None]:
        """Give the unit of work of the message, or one of its own that is committed at the end of the action."""
        if isinstance(dispatcher, UnitDispatcher) or self.database is None:
            yield getattr(dispatcher, "unit", None)
            return
        unit = UnitOfWork(self.database)
        yield unit
        await unit.commit()

    def text(self, name: str, reply_format: ReplyFormat) -> str:
        """Return the words for ``name`` in the form of a channel."""
        return self.catalog.text(name, reply_format, **self.office)


_builders: list[Callable[[], Tools]] = []


def build_with(builder: Callable[[], Tools]) -> None:
    """Have the tools built by ``builder`` when the first action asks for them; the last one given counts."""
    _builders.append(builder)
    built.cache_clear()


@cache
def built() -> Tools:
    """Return the tools of this process, built once; raise LookupError where nothing was given to build them with."""
    if not _builders:
        raise LookupError("no tools for the actions: import actions.server first, or hand the tools over")
    return _builders[-1]()
