"""Trains the model."""

from bot.cli.console import tell
from bot.settings import Settings
from bot.training import models


def train(settings: Settings) -> None:
    """Train the model if it is missing or stale, and say where it is."""
    tell(f"The model is up to date: {models.ready(settings.models)}")
