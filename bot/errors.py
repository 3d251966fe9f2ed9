"""What can be wrong with how the service is set up: said to whoever starts it, in one line.

ConfigurationError
 ├─ SettingsError     a setting (bot/settings/)
 ├─ WordingError      an answer file (bot/replies/wording.py)
 ├─ PatternError      the safety patterns (bot/safety/patterns.py)
 ├─ WordListError     the short forms (bot/text/normalise.py)
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
"""Why a message is not sent again after a read time-out: no provider knows a second copy for one."""


class PermanentSendError(Exception):
    """The provider will never take this message: the reason is without numbers or text in it."""

    def __init__(self, detail: str, alert: str | None = None) -> None:
        """Give the reason, and the topic of an alert where staff must hear of it."""
        super().__init__(detail)
        self.alert = alert
