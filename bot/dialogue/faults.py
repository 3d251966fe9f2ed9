"""What Rasa would swallow: errors of the actions, kept for the caller to raise."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class DialogueError(Exception):
    """A message could not be handled; the cause says why."""


class ErrorCollector:
    """Collects the errors of each message. Rasa logs them and goes on; the conversation must not."""

    def __init__(self) -> None:
        """Start with none."""
        # Of the task at hand: while one message waits for the record, another one may fail.
        self._errors: ContextVar[list[Exception] | None] = ContextVar("errors", default=None)

    @contextmanager
    def raised_at_the_end(self) -> Iterator[None]:
        """Raise at the end what was :meth:`recorded` within."""
        errors: list[Exception] = []
        token = self._errors.set(errors)
        try:
            yield
        finally:
            self._errors.reset(token)
        if errors:
            raise errors[0]

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Note any error raised within, and let it pass."""
        try:
            yield
        except Exception as error:
            errors = self._errors.get()
            if errors is not None:
                errors.append(error)
            raise
