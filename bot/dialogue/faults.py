"""What Rasa would swallow: errors of the actions, kept for the caller to raise."""

from collections.abc import Iterator
from contextlib import contextmanager


class DialogueError(Exception):
    """A message could not be handled; the cause says why."""


class Faults:
    """Collects the errors of one message at a time. Rasa logs them and goes on; the conversation must not."""

    def __init__(self) -> None:
        """Start with none."""
        self._errors: list[Exception] = []

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Note any error raised within, and let it pass."""
        try:
            yield
        except Exception as error:
            self._errors.append(error)
            raise

    def raise_first(self) -> None:
        """Raise the first error noted since the last call, if there was one."""
        errors, self._errors = self._errors, []
        if errors:
            raise errors[0]
