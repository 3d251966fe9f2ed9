"""Every setting of the service, read once from the environment (docs/reference/settings.md says what each is for)."""

from bot.settings.environment import PREFIX, SettingsError
from bot.settings.model import ROOT, Settings, variable

__all__ = ["PREFIX", "ROOT", "Settings", "SettingsError", "variable"]
