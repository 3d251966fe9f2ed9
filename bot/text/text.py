"""One message's text in each of the forms in which it is read: each made at most once."""

from dataclasses import dataclass
from functools import cached_property

from bot.text import personal_codes, readings
from bot.text.clean import clean
from bot.text.normalise import normalise, shared
from bot.text.personal_codes import Secrets


@dataclass(frozen=True)
class Text:
    """A text as it was written; safety, identity and understanding read the same one."""

    raw: str

    @cached_property
    def clean(self) -> str:
        """One line of printable text of bounded length."""
        return clean(self.raw)

    @cached_property
    def normalised(self) -> str:
        """Small letters, short forms written out, spelling mended."""
        return normalise(self.clean)

    @cached_property
    def secrets(self) -> Secrets:
        """The link code, PIN or digits in it."""
        return personal_codes.find(self.clean)

    @cached_property
    def holds_secret(self) -> bool:
        """Whether it holds something that nobody else may see, or that may be meant as such."""
        return bool(self.secrets.any or self.secrets.digits)

    @cached_property
    def has_known_words(self) -> bool:
        """Whether any of its words is one: keys hit at random are none."""
        return shared().knows_a_word_of(self.normalised)

    @cached_property
    def ways_to_read(self) -> tuple[str, ...]:
        """The normalised text first, then each other one that it may have been meant as: nothing is missed."""
        others = (normalise(reading) for reading in readings.other_readings(self.raw))
        return tuple(dict.fromkeys([self.normalised, *others]))
