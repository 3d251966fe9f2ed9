"""The safety detector over plain strings, as the lists of messages in tests/safety/ have them."""

from bot.safety.detector import Detector
from bot.text.text import Text


class TextDetector(Detector):
    """Takes each text as it was typed."""

    def risk(self, text):
        return super().risk(Text(text))

    def besides_insults(self, text):
        return super().besides_insults(Text(text))
