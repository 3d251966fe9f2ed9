"""What Rasa would swallow: errors of the store and of the actions, kept for the caller to raise."""

from collections.abc import Iterator
from contextlib import contextmanager


class DialogueError(Exception):
    """A message could not be handled; its cause is the first error that Rasa would have swallowed."""


class Faults:
    """Collects the errors of one message. Rasa logs them and goes on; the conversation must not."""

    def __init__(self) -> None:
        self._errors: list[BaseException] = []

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Note any error raised within, and let it pass."""
        try:
            yield
        except Exception as error:
            self._errors.append(error)
            raise

    def raise_first(self) -> None:
        """Raise DialogueError from the first error noted since the last call, if there was one."""
        errors, self._errors = self._errors, []
        if errors:
            raise DialogueError(f"{len(errors)} error(s), first {type(errors[0]).__name__}") from errors[0]
