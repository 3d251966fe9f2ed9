"""Reads how turns lean on one another."""

from pathlib import Path

import yaml

from bot.dialogue.choice import FollowUps
from bot.settings import ROOT

FILE = ROOT / "data" / "dialogue" / "follow_ups.yml"


def load(file: Path = FILE) -> FollowUps:
    """Build the follow-up rules from ``file``."""
    return FollowUps.from_data(yaml.safe_load(file.read_text("utf-8")))
