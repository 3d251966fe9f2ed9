"""What can be wrong with how the service is set up: said to whoever starts it, in one line.

ConfigurationError
 ├─ SettingsError     a setting (bot/settings.py)
 ├─ WordingError      an answer file (bot/replies/wording.py)
 ├─ PatternError      the safety patterns (bot/safety/patterns.py)
 ├─ WordListError     the short forms (bot/text/normalise.py)
 └─ TrainingError     the model could not be trained (bot/models.py)
"""


class ConfigurationError(Exception):
    """The service cannot start as it is set up; the message says what is wrong and what was expected."""
