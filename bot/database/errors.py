"""What can be wrong with a database."""

from bot.errors import ConfigurationError


class DatabaseError(ConfigurationError):
    """The database cannot be opened or used; the message says why, and never with a password in it."""
