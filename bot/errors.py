"""Errors that several packages raise or catch. The most important of those that stop the start:

ConfigurationError      said in one line to whoever starts the service
 ├─ SettingsError     a setting (bot/settings/)
 ├─ WordingError      an answer file (bot/replies/answer_files.py)
 ├─ PatternError      the safety patterns (bot/safety/patterns.py)
 ├─ WordListError     the short forms (bot/text/normalise.py)
 ├─ TopicError        a topic's questions (bot/topics/registry.py)
 └─ TrainingError     the model could not be trained (bot/training/models.py)
"""

from datetime import timedelta


class ConfigurationError(Exception):
    """The service cannot start as it is set up; the message says what is wrong and what was expected."""


class UnauthorisedError(Exception):
    """Whoever calls is not the provider."""


class InvalidPayloadError(ValueError):
    """The provider's message is none that can be kept; telling it again would not help."""


class TransientSendError(Exception):
    """The provider did not take a message and may take it later, after ``wait`` where it said so."""

    def __init__(self, detail: str, wait: timedelta | None = None) -> None:
        """Give a reason without numbers or text in it."""
        super().__init__(detail)
        self.wait = wait


BLOCKED = "blocked_by_provider"
"""The alert where a provider lets nothing through to somebody: not even the reply to a cry for help."""
TIMED_OUT_AFTER_SEND = "sent, but nothing was heard of it"
"""Why an ordinary message is not sent again after a read time-out: providers do not recognise a second copy. One about
danger is sent again all the same."""


class PermanentSendError(Exception):
    """The provider will never take this message: the reason is without numbers or text in it."""

    def __init__(self, detail: str, alert: str | None = None) -> None:
        """Give the reason, and the topic of an alert where staff must hear of it."""
        super().__init__(detail)
        self.alert = alert
